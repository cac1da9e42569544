#include "dsp/echo_filter.h"

#include <algorithm>

namespace offhook {

namespace {
/// Of the response that is kept from block to block: it forgets half in 5 s, as ways change.
constexpr float kTransition = 0.999F;
/// Variance of a response nobody has seen: as if the echo were 10 dB below, spread over the partitions.
constexpr float kUnknown = 0.5F;
constexpr float kNoiseKeep = 0.7F;
constexpr float kTiny = 1e-9F;
}  // namespace

void EchoFilter::predict(const EchoReference& reference, std::int64_t newest, std::size_t bins, RealFft::Samples& echo) noexcept {
  Spectrum sum{};
  for (std::int64_t p = 0; p < kPartitions; ++p) {
    const EchoReference::Block* sent = reference.sounding(newest - p);
    if (sent == nullptr) continue;
    const Spectrum& x = sent->spectrum;
    const Spectrum& w = partitions_[static_cast<std::size_t>(p)].response;
    for (std::size_t k = 0; k < bins; ++k) {
      sum.re[k] += w.re[k] * x.re[k] - w.im[k] * x.im[k];
      sum.im[k] += w.re[k] * x.im[k] + w.im[k] * x.re[k];
    }
  }
  RealFft::inverse(sum, echo);
}

void EchoFilter::learn(const EchoReference& reference, std::int64_t newest, std::size_t bins,
                       const RealFft::Samples& error) noexcept {
  Spectrum e;
  RealFft::forward(error, e);
  Weights expected{};
  std::array<const Spectrum*, kPartitions> sent{};
  for (std::int64_t p = 0; p < kPartitions; ++p) {
    const EchoReference::Block* block = reference.sounding(newest - p);
    if (block == nullptr) continue;
    const auto at = static_cast<std::size_t>(p);
    const Spectrum& x = block->spectrum;
    sent[at] = &x;
    const Weights& doubt = partitions_[at].doubt;
    for (std::size_t k = 0; k < bins; ++k) expected[k] += doubt[k] * (x.re[k] * x.re[k] + x.im[k] * x.im[k]);
  }
  Weights gain;
  for (std::size_t k = 0; k < bins; ++k) {
    const float power = e.re[k] * e.re[k] + e.im[k] * e.im[k];
    noise_[k] = kNoiseKeep * noise_[k] + (1 - kNoiseKeep) * power;
    // Half of the error's frame is zeros, so its power is half of what is heard.
    gain[k] = 1.0F / (expected[k] + std::max(noise_[k], power) + kTiny);
  }
  for (std::size_t at = 0; at < partitions_.size(); ++at) {
    if (sent[at] == nullptr) continue;
    const Spectrum& x = *sent[at];
    Partition& partition = partitions_[at];
    for (std::size_t k = 0; k < bins; ++k) {
      float& doubt = partition.doubt[k];
      float& re = partition.response.re[k];
      float& im = partition.response.im[k];
      const float step = doubt * gain[k];
      re = kTransition * (re + step * (x.re[k] * e.re[k] + x.im[k] * e.im[k]));
      im = kTransition * (im + step * (x.re[k] * e.im[k] - x.im[k] * e.re[k]));
      const float seen = 1 - 0.5F * step * (x.re[k] * x.re[k] + x.im[k] * x.im[k]);
      doubt = kTransition * kTransition * seen * doubt + (1 - kTransition * kTransition) * (re * re + im * im);
    }
  }
  constrain(partitions_[next_constrained_]);
  next_constrained_ = (next_constrained_ + 1) % partitions_.size();
}

/// A partition's response lasts one block; what the update makes up beyond it is taken away. One partition at a time is enough.
void EchoFilter::constrain(Partition& partition) noexcept {
  RealFft::Samples response;
  RealFft::inverse(partition.response, response);
  std::fill(response.begin() + kEchoBlock, response.end(), 0.0F);
  RealFft::forward(response, partition.response);
}

void EchoFilter::shift(std::int64_t blocks) noexcept {
  if (blocks == 0) return;
  const auto before = partitions_;
  for (std::int64_t p = 0; p < kPartitions; ++p) {
    Partition& partition = partitions_[static_cast<std::size_t>(p)];
    const std::int64_t from = p - blocks;
    if (from >= 0 && from < kPartitions) {
      partition = before[static_cast<std::size_t>(from)];
    } else {
      partition.response = {};
      partition.doubt.fill(kUnknown);
    }
  }
}

void EchoFilter::doubt() noexcept {
  for (Partition& partition : partitions_) partition.doubt.fill(kUnknown);
}

}  // namespace offhook
