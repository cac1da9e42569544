#include "dsp/real_fft.h"

#include <cmath>
#include <numbers>

namespace offhook {

namespace {

constexpr std::size_t kHalf = RealFft::kSize / 2;

struct Complexes {
  alignas(32) std::array<float, kHalf> re;
  alignas(32) std::array<float, kHalf> im;
};

struct Twiddles {
  std::array<float, RealFft::kSize> cos;
  std::array<float, RealFft::kSize> sin;

  Twiddles() {
    for (std::size_t i = 0; i < RealFft::kSize; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(RealFft::kSize);
      cos[i] = static_cast<float>(std::cos(angle));
      sin[i] = static_cast<float>(std::sin(angle));
    }
  }
};

/// Made when the library is loaded, before any audio.
const Twiddles twiddles;

/// One radix-4 step of Stockham's transform: `size` points each, `stride` transforms side by side.
void step(const Complexes& in, Complexes& out, std::size_t size, std::size_t stride) noexcept {
  const std::size_t quarter = size / 4;
  for (std::size_t p = 0; p < quarter; ++p) {
    const std::size_t turn = p * (RealFft::kSize / size);
    const float c1 = twiddles.cos[turn];
    const float s1 = -twiddles.sin[turn];
    const float c2 = twiddles.cos[2 * turn];
    const float s2 = -twiddles.sin[2 * turn];
    const float c3 = twiddles.cos[3 * turn];
    const float s3 = -twiddles.sin[3 * turn];
    const float* ar = in.re.data() + stride * p;
    const float* ai = in.im.data() + stride * p;
    float* yr = out.re.data() + stride * 4 * p;
    float* yi = out.im.data() + stride * 4 * p;
    const std::size_t far = stride * quarter;
    for (std::size_t q = 0; q < stride; ++q) {
      const float sum_r = ar[q] + ar[q + 2 * far];
      const float sum_i = ai[q] + ai[q + 2 * far];
      const float diff_r = ar[q] - ar[q + 2 * far];
      const float diff_i = ai[q] - ai[q + 2 * far];
      const float other_r = ar[q + far] + ar[q + 3 * far];
      const float other_i = ai[q + far] + ai[q + 3 * far];
      const float turned_r = ai[q + far] - ai[q + 3 * far];
      const float turned_i = ar[q + 3 * far] - ar[q + far];
      yr[q] = sum_r + other_r;
      yi[q] = sum_i + other_i;
      const float br = diff_r + turned_r;
      const float bi = diff_i + turned_i;
      yr[q + stride] = br * c1 - bi * s1;
      yi[q + stride] = br * s1 + bi * c1;
      const float cr = sum_r - other_r;
      const float ci = sum_i - other_i;
      yr[q + 2 * stride] = cr * c2 - ci * s2;
      yi[q + 2 * stride] = cr * s2 + ci * c2;
      const float dr = diff_r - turned_r;
      const float di = diff_i - turned_i;
      yr[q + 3 * stride] = dr * c3 - di * s3;
      yi[q + 3 * stride] = dr * s3 + di * c3;
    }
  }
}

/// In place; `spare` is room to work in. Four steps of radix 4 make 256 points, and leave the result where it came from.
void transform(Complexes& data, Complexes& spare) noexcept {
  step(data, spare, 256, 1);
  step(spare, data, 64, 4);
  step(data, spare, 16, 16);
  step(spare, data, 4, 64);
}

}  // namespace

void RealFft::forward(const Samples& samples, Spectrum& spectrum) noexcept {
  Complexes z;
  Complexes spare;
  for (std::size_t i = 0; i < kHalf; ++i) {
    z.re[i] = samples[2 * i];
    z.im[i] = samples[2 * i + 1];
  }
  transform(z, spare);
  for (std::size_t k = 0; k <= kHalf; ++k) {
    const std::size_t at = k % kHalf;
    const std::size_t mirror = (kHalf - k) % kHalf;
    const float even_r = 0.5F * (z.re[at] + z.re[mirror]);
    const float even_i = 0.5F * (z.im[at] - z.im[mirror]);
    const float odd_r = 0.5F * (z.im[at] + z.im[mirror]);
    const float odd_i = 0.5F * (z.re[mirror] - z.re[at]);
    const float c = twiddles.cos[k];
    const float s = -twiddles.sin[k];
    spectrum.re[k] = even_r + odd_r * c - odd_i * s;
    spectrum.im[k] = even_i + odd_r * s + odd_i * c;
  }
}

void RealFft::inverse(const Spectrum& spectrum, Samples& samples) noexcept {
  Complexes z;
  Complexes spare;
  for (std::size_t k = 0; k < kHalf; ++k) {
    const std::size_t mirror = kHalf - k;
    const float im = k == 0 ? 0.0F : spectrum.im[k];
    const float mirror_im = k == 0 ? 0.0F : spectrum.im[mirror];
    const float even_r = 0.5F * (spectrum.re[k] + spectrum.re[mirror]);
    const float even_i = 0.5F * (im - mirror_im);
    const float half_r = 0.5F * (spectrum.re[k] - spectrum.re[mirror]);
    const float half_i = 0.5F * (im + mirror_im);
    const float c = twiddles.cos[k];
    const float s = twiddles.sin[k];
    const float odd_r = half_r * c - half_i * s;
    const float odd_i = half_r * s + half_i * c;
    // With real and imaginary part in each other's place the forward transform goes backward.
    z.im[k] = even_r - odd_i;
    z.re[k] = even_i + odd_r;
  }
  transform(z, spare);
  constexpr float kScale = 1.0F / static_cast<float>(kHalf);
  for (std::size_t i = 0; i < kHalf; ++i) {
    samples[2 * i] = z.im[i] * kScale;
    samples[2 * i + 1] = z.re[i] * kScale;
  }
}

}  // namespace offhook
