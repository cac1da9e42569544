#include <doctest/doctest.h>

#include "engine/source_latch.h"

using namespace offhook;
using Verdict = SourceLatch::Verdict;

namespace {

Endpoint at(const char* host, std::uint16_t port) { return *Endpoint::parse(host, port, AF_INET); }

const Endpoint kAnnounced = at("192.0.2.1", 4000);
const Endpoint kStranger = at("198.51.100.9", 4000);
constexpr MonotonicNs kFrame = 20 * kNsPerMs;

}  // namespace

TEST_CASE("the announced address is taken at once and a stranger never moves it") {
  SourceLatch latch;
  latch.announce(kAnnounced, 0);
  CHECK(*latch.destination() == kAnnounced);
  CHECK(latch.on_audio(kAnnounced, 1, kFrame) == Verdict::latched);
  for (std::uint16_t i = 0; i < 100; ++i) {
    CHECK(latch.on_audio(kStranger, i, kFrame * (2 + i)) == Verdict::rejected);
    CHECK(latch.on_audio(kAnnounced, static_cast<std::uint16_t>(2 + i), kFrame * (2 + i)) == Verdict::accepted);
  }
  CHECK(*latch.destination() == kAnnounced);
}

TEST_CASE("another address is taken up after four packets in sequence over their time") {
  SourceLatch latch;
  latch.announce(kAnnounced, 0);
  CHECK(latch.on_audio(kStranger, 65535, 0) == Verdict::probation);
  CHECK(latch.on_audio(kStranger, 0, kFrame) == Verdict::probation);
  CHECK(latch.on_audio(kStranger, 1, 2 * kFrame) == Verdict::probation);
  CHECK(latch.on_audio(kStranger, 2, 3 * kFrame) == Verdict::latched);
  CHECK(*latch.destination() == kStranger);
}

TEST_CASE("a burst, a gap in sequence and a rival do not pass probation") {
  SourceLatch latch;
  latch.announce(std::nullopt, 0);
  CHECK(latch.destination() == nullptr);
  for (std::uint16_t i = 0; i < 10; ++i) CHECK(latch.on_audio(kStranger, i, 1) == Verdict::probation);
  for (std::uint16_t i = 0; i < 10; ++i) CHECK(latch.on_audio(kStranger, static_cast<std::uint16_t>(20 + 2 * i), kFrame * (1 + i)) == Verdict::probation);
  const Endpoint rival = at("203.0.113.5", 9);
  for (std::uint16_t i = 0; i < 10; ++i) {
    CHECK(latch.on_audio(kStranger, static_cast<std::uint16_t>(100 + i), kFrame * (20 + i)) == Verdict::probation);
    CHECK(latch.on_audio(rival, i, kFrame * (20 + i)) == Verdict::probation);
  }
}

TEST_CASE("the announced address wins over a learned one for three seconds only") {
  SourceLatch latch;
  const auto learn = [&](MonotonicNs from) {
    for (std::uint16_t i = 0; i < 4; ++i) latch.on_audio(kStranger, i, from + kFrame * i);
    return latch.is_source(kStranger);
  };
  latch.announce(kAnnounced, 0);
  REQUIRE(learn(0));
  CHECK(latch.on_audio(kAnnounced, 1, kNsPerSecond) == Verdict::latched);

  SourceLatch later;
  later.announce(kAnnounced, 0);
  for (std::uint16_t i = 0; i < 4; ++i) later.on_audio(kStranger, i, kFrame * i);
  later.on_audio(kStranger, 4, 4 * kNsPerSecond);
  CHECK(later.on_audio(kAnnounced, 1, 4 * kNsPerSecond + 1) == Verdict::rejected);
}

TEST_CASE("after two seconds of silence the same host may come from another port, another host may not") {
  SourceLatch latch;
  latch.announce(kAnnounced, 0);
  latch.on_audio(kAnnounced, 1, 0);
  const Endpoint rebound = at("192.0.2.1", 5555);
  CHECK(latch.on_audio(rebound, 1, kNsPerSecond) == Verdict::rejected);
  for (std::uint16_t i = 0; i < 10; ++i) CHECK(latch.on_audio(kStranger, i, 10 * kNsPerSecond + kFrame * i) == Verdict::rejected);
  for (std::uint16_t i = 0; i < 3; ++i) CHECK(latch.on_audio(rebound, i, 10 * kNsPerSecond + kFrame * i) == Verdict::probation);
  CHECK(latch.on_audio(rebound, 3, 10 * kNsPerSecond + kFrame * 3) == Verdict::latched);
}

TEST_CASE("a probation that was broken off by the source itself begins anew in the next silence") {
  const Endpoint other_port = at("192.0.2.1", 4002);
  SourceLatch latch;
  latch.announce(kAnnounced, 0);
  CHECK(latch.on_audio(kAnnounced, 1, 0) == Verdict::latched);
  const MonotonicNs silence = SourceLatch::kSilenceNs;
  for (std::uint16_t i = 0; i < 3; ++i) CHECK(latch.on_audio(other_port, i, silence + i * kFrame) == Verdict::probation);
  CHECK(latch.on_audio(kAnnounced, 2, silence + 3 * kFrame) == Verdict::accepted);
  CHECK(latch.on_audio(other_port, 3, 2 * silence + 4 * kFrame) == Verdict::probation);
}

TEST_CASE("a re-INVITE with the same address keeps what was learned, another address starts anew") {
  SourceLatch latch;
  latch.announce(kAnnounced, 0);
  for (std::uint16_t i = 0; i < 4; ++i) latch.on_audio(kStranger, i, kFrame * i);
  latch.announce(kAnnounced, kNsPerSecond);
  CHECK(latch.is_source(kStranger));
  latch.announce(at("192.0.2.7", 4000), 2 * kNsPerSecond);
  CHECK_FALSE(latch.is_source(kStranger));
  CHECK(latch.destination()->port() == 4000);
  CHECK_FALSE(at("0.0.0.0", 4000).reachable());
  CHECK_FALSE(at("192.0.2.7", 0).reachable());
}

TEST_CASE("addresses: IPv4 on an IPv6 socket is mapped and prints as IPv4; names are not addresses") {
  const auto mapped = Endpoint::parse("192.0.2.1", 9, AF_INET6);
  REQUIRE(mapped);
  CHECK(mapped->host() == "192.0.2.1");
  CHECK(Endpoint::parse("2001:db8::1", 9, AF_INET6)->host() == "2001:db8::1");
  CHECK_FALSE(Endpoint::parse("2001:db8::1", 9, AF_INET));
  CHECK_FALSE(Endpoint::parse("media.example.com", 9, AF_INET));
  CHECK_FALSE(Endpoint::parse("", 9, AF_INET6));
}
