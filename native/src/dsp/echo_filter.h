#pragma once

#include <array>
#include <cstdint>

#include "dsp/echo_reference.h"

namespace offhook {

/// Models the way of our voice to their microphone and back: an adaptive filter of 128 ms in partitions of a block, in the
/// frequency domain, whose step is a Kalman filter's for each bin (Enzner and Vary 2006; Kuech et al. 2014). It knows how unsure it
/// is and how much else is heard, so that it stands still while the caller speaks, without a detector of double talk.
class EchoFilter {
 public:
  static constexpr std::int64_t kPartitions = 8;

  EchoFilter() noexcept { doubt(); }

  /// The echo in the heard block that the sent block `newest` and those before it leave. `bins`: how many of the band carry sound.
  void predict(const EchoReference& reference, std::int64_t newest, std::size_t bins, RealFft::Samples& echo) noexcept;
  /// Learns from what was left of that block: `error` holds a block of zeros, then the rest.
  void learn(const EchoReference& reference, std::int64_t newest, std::size_t bins, const RealFft::Samples& error) noexcept;
  /// The echo comes that many blocks later than before (or earlier).
  void shift(std::int64_t blocks) noexcept;
  /// Trusts what it knows less: the way has changed.
  void doubt() noexcept;

 private:
  using Weights = std::array<float, Spectrum::kBins + 3>;
  struct Partition {
    Spectrum response;
    Weights doubt;  ///< variance of the response
  };
  void constrain(Partition& partition) noexcept;

  std::array<Partition, kPartitions> partitions_;
  Weights noise_{};  ///< power of what is no echo
  std::size_t next_constrained_{0};
};

}  // namespace offhook
