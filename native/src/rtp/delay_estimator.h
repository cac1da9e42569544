#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace offhook {

/// How much later than the quickest ones the packets of a stream come, learnt from their transit times (arrival minus RTP
/// timestamp; as clocks have no common zero, only differences count). All times are in samples at 16 kHz.
///
/// The quickest of the last two to four seconds is the base, which follows clocks that drift apart. What all but one in
/// fifty keep to is the spread; five seconds ago weighs a third of now.
///
/// Owned by one media thread.
class DelayEstimator {
 public:
  void add(std::int64_t transit, std::int64_t arrival) noexcept {
    if (!started_ || std::abs(transit - base()) > kJump) begin(transit, arrival);
    if (arrival - window_began_ >= kWindow) {
      least_before_ = least_;
      least_ = transit;
      window_began_ = arrival;
    }
    least_ = std::min(least_, transit);
    const auto bin = std::min(static_cast<std::size_t>((transit - base()) / kBin), kBins - 1);
    packets_ = std::min(packets_ + 1, kMemoryPackets);
    const float keep = 1.0F - 1.0F / static_cast<float>(packets_);
    for (float& share : shares_) share *= keep;
    shares_[bin] += 1.0F - keep;
  }

  [[nodiscard]] bool started() const noexcept { return started_; }
  /// The transit of the quickest.
  [[nodiscard]] std::int64_t base() const noexcept { return std::min(least_, least_before_); }
  /// What a packet may take longer than the quickest without being too late, but for one in fifty.
  [[nodiscard]] std::int64_t spread() const noexcept {
    float later = 0;
    for (std::size_t bin = kBins; bin-- > 0;) {
      later += shares_[bin];
      if (later > kLateShare) return static_cast<std::int64_t>(bin + 1) * kBin;
    }
    return kBin;
  }

  void reset() noexcept { *this = DelayEstimator{}; }

 private:
  static constexpr std::int64_t kBin = 40;                 ///< 2.5 ms
  static constexpr std::size_t kBins = 160;                ///< 400 ms
  static constexpr std::int64_t kWindow = 2 * 16'000;
  /// Nobody talks over such a network; rather did the timestamps jump or the sender pause.
  static constexpr std::int64_t kJump = kBin * static_cast<std::int64_t>(kBins);
  static constexpr std::int64_t kAssumedSpread = 20 * 16;  ///< of a stream not known yet
  static constexpr int kMemoryPackets = 250;
  static constexpr float kLateShare = 0.02F;

  void begin(std::int64_t transit, std::int64_t arrival) noexcept {
    *this = DelayEstimator{};
    started_ = true;
    least_ = least_before_ = transit;
    window_began_ = arrival;
    shares_[kAssumedSpread / kBin - 1] = 1.0F;
  }

  bool started_{false};
  std::int64_t least_{0};
  std::int64_t least_before_{0};
  std::int64_t window_began_{0};
  int packets_{1};
  std::array<float, kBins> shares_{};  ///< of packets that came that much later than the base
};

}  // namespace offhook
