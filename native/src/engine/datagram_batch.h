#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "clock.h"
#include "endpoint.h"

namespace offhook {

/// Receives up to `kSize` datagrams in one system call, with the kernel's arrival times. One per thread.
class DatagramBatch {
 public:
  static constexpr std::size_t kSize = 16;
  static constexpr std::size_t kDatagramBytes = 2'048;

  DatagramBatch() noexcept;

  /// Looks how far apart the two clocks are. To be called now and then, and before the first `receive`; in between the wall clock may be set.
  void compare_clocks() noexcept;
  /// Returns how many came; fewer than `kSize` means that the socket is empty.
  std::size_t receive(int fd) noexcept;

  /// The receiver may change them: protection is taken off in place.
  [[nodiscard]] std::span<std::uint8_t> bytes(std::size_t i) noexcept { return {buffers_[i].data(), lengths_[i]}; }
  [[nodiscard]] const Endpoint& from(std::size_t i) const noexcept { return sources_[i]; }
  [[nodiscard]] bool truncated(std::size_t i) const noexcept { return (messages_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0; }
  /// On the monotonic clock; `now` where the kernel gave no time or one that cannot be: in the future, or older than a
  /// datagram can have waited.
  [[nodiscard]] MonotonicNs arrival(std::size_t i, MonotonicNs now) const noexcept;

 private:
  std::array<std::array<std::uint8_t, kDatagramBytes>, kSize> buffers_;
  std::array<std::size_t, kSize> lengths_{};
  std::array<Endpoint, kSize> sources_;
  std::array<iovec, kSize> vectors_{};
  std::array<mmsghdr, kSize> messages_{};
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, 64> bytes;
  };
  std::array<Control, kSize> controls_{};
  MonotonicNs realtime_to_monotonic_{0};
};

}  // namespace offhook
