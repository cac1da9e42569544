#include "dsp/echo_reference.h"

#include <algorithm>
#include <cmath>

namespace offhook {

void outline_of(const Spectrum& spectrum, Outline& outline) noexcept {
  constexpr float kTiny = 1e-12F;
  for (std::size_t i = 0; i < kSearchBins; ++i) {
    const std::size_t k = kFirstSearchBin + kSearchStep * i;
    // A Hann window, put on afterwards: without it what lies between harmonics is made by where the frame begins and ends.
    const float re = spectrum.re[k] - 0.5F * (spectrum.re[k - 1] + spectrum.re[k + 1]);
    const float im = spectrum.im[k] - 0.5F * (spectrum.im[k - 1] + spectrum.im[k + 1]);
    const float length = std::sqrt(re * re + im * im) + kTiny;
    const float scale = 1.0F / std::sqrt(length);
    outline.re[i] = re * scale;
    outline.im[i] = im * scale;
    outline.power[i] = length;
  }
}

namespace {

/// An agent that listens sends nothing but zeros, half of the time and more.
bool all_zero(std::span<const std::int16_t> samples) noexcept {
  int any = 0;
  for (const std::int16_t sample : samples) any |= sample;
  return any == 0;
}

/// In eight sums, which a compiler may compute at once; one of floats it must add up in order.
float energy_of(std::span<const float> samples) noexcept {
  constexpr std::size_t kSums = 8;
  std::array<float, kSums> sums{};
  for (std::size_t i = 0; i + kSums <= samples.size(); i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) sums[k] += samples[i + k] * samples[i + k];
  }
  float energy = 0;
  for (const float sum : sums) energy += sum;
  return energy;
}

}  // namespace

void EchoReference::write(std::span<const std::int16_t> samples) noexcept {
  while (!samples.empty()) {
    const std::size_t count = std::min(samples.size(), kEchoBlock - filled_);
    take(samples.first(count));
    filled_ += count;
    samples = samples.subspan(count);
    if (filled_ == kEchoBlock) complete();
  }
}

void EchoReference::take(std::span<const std::int16_t> piece) noexcept {
  float* present = samples_.data() + kEchoBlock;
  if (silent_) {
    if (all_zero(piece)) return;
    silent_ = false;
    std::fill_n(present, filled_, 0.0F);
  }
  for (std::size_t i = 0; i < piece.size(); ++i) present[filled_ + i] = static_cast<float>(piece[i]) / 32'768.0F;
}

void EchoReference::complete() noexcept {
  static_assert(kEchoBlock % 8 == 0);
  const auto before = std::span(samples_).first(kEchoBlock);
  const auto present = std::span(samples_).subspan(kEchoBlock);
  sounding_ &= ~bit_of(count_);
  if (!silent_ || !previous_silent_) {
    Block& block = blocks_[static_cast<std::size_t>(count_ % kBlocks)];
    sounding_ |= bit_of(count_);
    if (silent_) std::fill(present.begin(), present.end(), 0.0F);
    block.power = silent_ ? 0.0F : energy_of(present) / static_cast<float>(kEchoBlock);
    RealFft::forward(samples_, block.spectrum);
    outline_of(block.spectrum, block.outline);
    last_sounding_ = count_;
    std::copy(present.begin(), present.end(), before.begin());
  }
  previous_silent_ = silent_;
  silent_ = true;
  filled_ = 0;
  count_ += 1;
}

}  // namespace offhook
