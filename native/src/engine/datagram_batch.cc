#include "datagram_batch.h"

namespace offhook {

namespace {
/// RTCP is looked at once a second.
constexpr MonotonicNs kMostWaitNs = 2 * kNsPerSecond;
}  // namespace

DatagramBatch::DatagramBatch() noexcept {
  for (std::size_t i = 0; i < kSize; ++i) {
    vectors_[i] = {.iov_base = buffers_[i].data(), .iov_len = kDatagramBytes};
    messages_[i].msg_hdr.msg_iov = &vectors_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
    messages_[i].msg_hdr.msg_name = &sources_[i];
    messages_[i].msg_hdr.msg_control = controls_[i].bytes.data();
  }
}

void DatagramBatch::compare_clocks() noexcept { realtime_to_monotonic_ = monotonic_ns() - read_clock(CLOCK_REALTIME); }

std::size_t DatagramBatch::receive(int fd) noexcept {
  for (auto& message : messages_) {
    message.msg_hdr.msg_namelen = sizeof(Endpoint);
    message.msg_hdr.msg_controllen = sizeof(Control);
  }
  const int count = recvmmsg(fd, messages_.data(), kSize, MSG_DONTWAIT, nullptr);
  if (count <= 0) return 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) lengths_[i] = messages_[i].msg_len;
  return static_cast<std::size_t>(count);
}

MonotonicNs DatagramBatch::arrival(std::size_t i, MonotonicNs now) const noexcept {
  auto& header = const_cast<msghdr&>(messages_[i].msg_hdr);  // CMSG_NXTHDR wants it mutable, and does not mutate
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
    const MonotonicNs at = stamp.tv_sec * kNsPerSecond + stamp.tv_nsec + realtime_to_monotonic_;
    // The wall clock may have been set between arrival and now.
    if (at <= now && now - at < kMostWaitNs) return at;
  }
  return now;
}

}  // namespace offhook
