#pragma once

#include <cstdint>
#include <optional>

#include "endpoint.h"

namespace offhook {

/// An open socket; closed with its owner.
class UdpSocket {
 public:
  UdpSocket() = default;
  explicit UdpSocket(int fd) noexcept : fd_(fd) {}
  UdpSocket(UdpSocket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  UdpSocket& operator=(UdpSocket&& other) noexcept;
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  ~UdpSocket() { reset(); }

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

 private:
  void reset() noexcept;
  int fd_{-1};
};

/// RTP on an even port and RTCP on the next (RFC 3550 section 11).
///
/// The sockets are not connected to the peer: a connected one lets the kernel drop strangers unseen, and the count of
/// strangers is how an operator learns of an injection attempt. It costs a third of a microsecond per packet sent.
struct UdpPair {
  UdpSocket rtp;
  UdpSocket rtcp;
  std::uint16_t rtp_port{0};

  /// Empty when either port is taken. `bind_address` gives address and family.
  static std::optional<UdpPair> bind(Endpoint bind_address, std::uint16_t rtp_port);
};

}  // namespace offhook
