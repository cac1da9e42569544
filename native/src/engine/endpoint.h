#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace offhook {

/// Address and port of a UDP peer. An IPv4 peer of an IPv6 socket is kept in its mapped form, as the kernel reports it.
struct Endpoint {
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };

  Endpoint() noexcept { std::memset(static_cast<void*>(this), 0, sizeof *this); }

  [[nodiscard]] int family() const noexcept { return any.sa_family; }
  [[nodiscard]] socklen_t size() const noexcept { return family() == AF_INET6 ? sizeof v6 : sizeof v4; }
  [[nodiscard]] std::uint16_t port() const noexcept { return ntohs(family() == AF_INET6 ? v6.sin6_port : v4.sin_port); }
  void set_port(std::uint16_t port) noexcept { (family() == AF_INET6 ? v6.sin6_port : v4.sin_port) = htons(port); }

  [[nodiscard]] bool same_host(const Endpoint& other) const noexcept {
    if (family() != other.family()) return false;
    if (family() == AF_INET6) return std::memcmp(&v6.sin6_addr, &other.v6.sin6_addr, sizeof v6.sin6_addr) == 0;
    return v4.sin_addr.s_addr == other.v4.sin_addr.s_addr;
  }
  [[nodiscard]] bool operator==(const Endpoint& other) const noexcept { return same_host(other) && port() == other.port(); }

  /// False for 0.0.0.0 (the hold of RFC 2543) and port 0 (stream refused): nothing may be sent there.
  [[nodiscard]] bool reachable() const noexcept {
    if (port() == 0) return false;
    if (family() == AF_INET6) return !IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
    return v4.sin_addr.s_addr != INADDR_ANY;
  }

  [[nodiscard]] std::string host() const {
    char text[INET6_ADDRSTRLEN] = "";
    if (family() == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      inet_ntop(AF_INET, v6.sin6_addr.s6_addr + 12, text, sizeof text);
    } else if (family() == AF_INET6) {
      inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    } else {
      inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    }
    return text;
  }

  /// Reads an IP literal as a peer of a socket of `family`. Empty for host names and for IPv6 on an IPv4 socket.
  static std::optional<Endpoint> parse(const std::string& address, std::uint16_t port, int family) {
    Endpoint endpoint;
    in_addr v4{};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
      if (family == AF_INET) {
        endpoint.v4.sin_family = AF_INET;
        endpoint.v4.sin_addr = v4;
      } else {
        endpoint.v6.sin6_family = AF_INET6;
        endpoint.v6.sin6_addr.s6_addr[10] = endpoint.v6.sin6_addr.s6_addr[11] = 0xFF;
        std::memcpy(endpoint.v6.sin6_addr.s6_addr + 12, &v4, sizeof v4);
      }
    } else {
      if (family != AF_INET6 || inet_pton(AF_INET6, address.c_str(), &endpoint.v6.sin6_addr) != 1) return std::nullopt;
      endpoint.v6.sin6_family = AF_INET6;
    }
    endpoint.set_port(port);
    return endpoint;
  }
};

}  // namespace offhook
