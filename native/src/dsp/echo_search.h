#pragma once

#include <array>
#include <cstdint>

#include "dsp/echo_reference.h"

namespace offhook {

/// Looks for what was sent in what is heard: by how well the one can be told from the other over time (their coherence), for every delay in
/// steps of a block. Near 0 there is no echo, near 1 nothing else.
class EchoSearch {
 public:
  /// 464 ms: more than the longest delay asked of us, and what alignment may add.
  static constexpr std::int64_t kDelays = 29;

  struct Finding {
    bool sure{false};       ///< enough was sent for an echo of any delay to be heard
    float share{0};         ///< of what is heard, 0 to 1
    std::int64_t delay{0};  ///< of most of it, in blocks
  };

  /// `heard`: the spectrum of the newest heard block and the one before; `newest`: the sent block that no delay belongs to.
  void add(const Spectrum& heard, const EchoReference& reference, std::int64_t newest) noexcept;
  [[nodiscard]] Finding find() const noexcept;
  /// The same sent blocks are that many blocks further off from now on (or nearer).
  void shift(std::int64_t blocks) noexcept;
  void reset() noexcept;

 private:
  struct Delay {
    std::array<float, kSearchBins> re{};  ///< of the sum of products
    std::array<float, kSearchBins> im{};
    std::array<float, kSearchBins> sent{};   ///< power
    std::array<float, kSearchBins> heard{};  ///< power
    float chance{0};  ///< what the squared sums come to when the two know nothing of each other
    float blocks{0};
  };
  std::array<Delay, kDelays> delays_{};
};

}  // namespace offhook
