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

void EchoReference::write(std::span<const std::int16_t> samples) noexcept {
  while (!samples.empty()) {
    const std::size_t count = std::min(samples.size(), kEchoBlock - filled_);
    float* to = samples_.data() + kEchoBlock + filled_;
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<float>(samples[i]) / 32'768.0F;
    filled_ += count;
    samples = samples.subspan(count);
    if (filled_ == kEchoBlock) complete();
  }
}

void EchoReference::complete() noexcept {
  Block& block = blocks_[static_cast<std::size_t>(count_ % kBlocks)];
  const auto present = std::span(samples_).subspan(kEchoBlock);
  float energy = 0;
  for (const float sample : present) energy += sample * sample;
  const bool silent = energy == 0;
  block.power = energy / static_cast<float>(kEchoBlock);
  block.silent = silent && previous_silent_;
  if (!block.silent) {
    RealFft::forward(samples_, block.spectrum);
    outline_of(block.spectrum, block.outline);
    last_sounding_ = count_;
  }
  previous_silent_ = silent;
  std::copy(present.begin(), present.end(), samples_.begin());
  filled_ = 0;
  count_ += 1;
}

}  // namespace offhook
