#include "udp_pair.h"

#include <netinet/ip.h>
#include <unistd.h>

namespace offhook {

namespace {

UdpSocket bind_one(const Endpoint& at) {
  UdpSocket socket(::socket(at.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.open()) return {};
  const int on = 1;
  const int off = 0;
  // 64 KB holds more than a second of G.711: a late tick loses nothing, and a flood cannot pile up memory.
  const int receive_bytes = 64 * 1024;
  const int expedited_forwarding = 46 << 2;
  setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  setsockopt(socket.fd(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (at.family() == AF_INET6) {
    setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_TCLASS, &expedited_forwarding, sizeof expedited_forwarding);
  } else {
    setsockopt(socket.fd(), IPPROTO_IP, IP_TOS, &expedited_forwarding, sizeof expedited_forwarding);
  }
  if (::bind(socket.fd(), &at.any, at.size()) != 0) return {};
  return socket;
}

}  // namespace

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.fd_;
    other.fd_ = -1;
  }
  return *this;
}

void UdpSocket::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::optional<UdpPair> UdpPair::bind(Endpoint bind_address, std::uint16_t rtp_port) {
  UdpPair pair;
  pair.rtp_port = rtp_port;
  bind_address.set_port(rtp_port);
  pair.rtp = bind_one(bind_address);
  bind_address.set_port(static_cast<std::uint16_t>(rtp_port + 1));
  pair.rtcp = bind_one(bind_address);
  if (!pair.rtp.open() || !pair.rtcp.open()) return std::nullopt;
  return pair;
}

}  // namespace offhook
