#pragma once

#include <cstdint>

namespace offhook {

/// Tells losses that come in bursts from isolated ones (RFC 3611 section 4.7.2): a burst begins and ends with a loss, and has
/// fewer than `kGmin` packets in a row that came. What is no burst is a gap. Owned by one media thread.
class BurstMeter {
 public:
  static constexpr std::uint64_t kGmin = 16;

  void on_received() noexcept { ++came_since_loss_; }

  void on_lost(std::uint64_t packets) noexcept {
    for (; packets > 0; --packets) on_lost();
  }

  /// Losses with nothing but packets that came around them, however many they are: one packet or twenty.
  [[nodiscard]] std::uint64_t runs() const noexcept { return runs_; }
  [[nodiscard]] std::uint64_t bursts() const noexcept { return bursts_; }
  /// In all bursts, with those that came between the lost ones.
  [[nodiscard]] std::uint64_t burst_packets() const noexcept { return burst_packets_; }
  [[nodiscard]] std::uint64_t burst_lost() const noexcept { return burst_lost_; }

 private:
  void on_lost() noexcept {
    if (!any_ || came_since_loss_ > 0) ++runs_;
    if (any_ && came_since_loss_ < kGmin) {
      if (!in_burst_) begin_burst();
      burst_packets_ += came_since_loss_ + 1;
      ++burst_lost_;
    } else {
      in_burst_ = false;
    }
    any_ = true;
    came_since_loss_ = 0;
  }

  /// The loss before this one was not isolated after all.
  void begin_burst() noexcept {
    in_burst_ = true;
    ++bursts_;
    ++burst_packets_;
    ++burst_lost_;
  }

  std::uint64_t came_since_loss_{0};
  std::uint64_t runs_{0};
  std::uint64_t bursts_{0};
  std::uint64_t burst_packets_{0};
  std::uint64_t burst_lost_{0};
  bool any_{false};
  bool in_burst_{false};
};

}  // namespace offhook
