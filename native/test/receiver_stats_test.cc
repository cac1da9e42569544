#include "rtp/receiver_stats.h"

#include <doctest/doctest.h>

namespace offhook {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TEST_CASE("expected, received and lost follow RFC 3550 appendix A.3") {
  ReceiverStats stats(8000);
  CHECK(stats.expected() == 0);
  CHECK(stats.lost() == 0);
  for (const int sequence : {65534, 65535, 65537, 65540, 65539}) stats.on_packet(sequence, 0, 0);
  CHECK(stats.expected() == 7);
  CHECK(stats.received() == 5);
  CHECK(stats.lost() == 2);
  CHECK(stats.extended_highest_sequence() == 0x10004);
}

TEST_CASE("duplicates make the loss negative, but never the session's total") {
  ReceiverStats stats(8000);
  for (int i = 0; i < 3; ++i) stats.on_packet(10, 0, 0);
  CHECK(stats.lost() == -2);
  CHECK(stats.lost_24bit() == -2);
  CHECK(stats.total_lost() == 0);
}

TEST_CASE("the fraction lost is that since the last report") {
  ReceiverStats stats(8000);
  for (const int sequence : {0, 1, 2, 3}) stats.on_packet(sequence, 0, 0);
  CHECK(stats.take_fraction_lost() == 0);
  for (const int sequence : {4, 7}) stats.on_packet(sequence, 0, 0);
  CHECK(stats.take_fraction_lost() == 128);
  CHECK(stats.take_fraction_lost() == 0);
  stats.on_packet(1007, 0, 0);
  CHECK(stats.take_fraction_lost() == 255);
  for (int i = 0; i < 3; ++i) stats.on_packet(1008, 0, 0);
  CHECK(stats.take_fraction_lost() == 0);
}

TEST_CASE("packets that keep the sender's pace have no jitter, also across the wrap of the timestamp") {
  ReceiverStats stats(8000);
  for (int i = 0; i < 100; ++i) stats.on_packet(i, 0xFFFFF000U + static_cast<std::uint32_t>(i) * 160U, i * 20 * kMs);
  CHECK(stats.jitter_ms() == doctest::Approx(0.0));
}

TEST_CASE("jitter settles at the mean change of transit time (appendix A.8)") {
  ReceiverStats stats(8000);
  for (int i = 0; i < 400; ++i) {
    const std::int64_t delay = i % 2 == 0 ? 0 : 6;
    stats.on_packet(i, static_cast<std::uint32_t>(i) * 160U, (i * 20 + delay) * kMs);
  }
  CHECK(stats.jitter_ms() == doctest::Approx(6.0).epsilon(0.001));
  CHECK(stats.jitter_ticks() == 47);
}

TEST_CASE("the first change of transit time counts one sixteenth") {
  ReceiverStats stats(48'000);
  stats.on_packet(0, 0, 0);
  stats.on_packet(1, 960, 36 * kMs);
  CHECK(stats.jitter_ms() == doctest::Approx(1.0));
}

TEST_CASE("packets without a sampling time of their own leave the jitter alone") {
  ReceiverStats stats(8000);
  stats.on_packet(0, 0, 0);
  for (int i = 1; i < 10; ++i) stats.on_packet(i, 160, i * 20 * kMs, false);
  stats.on_packet(10, 1600, 200 * kMs);
  CHECK(stats.jitter_ms() == doctest::Approx(0.0));
  CHECK(stats.received() == 11);
}

TEST_CASE("one wild sequence number counts for nothing; two in sequence start the count anew and keep the total") {
  ReceiverStats stats(8000);
  stats.on_packet(0, 0, 0);
  stats.on_packet(2, 0, 0);
  stats.on_packet(20'000, 0, 0);
  CHECK(stats.expected() == 3);
  stats.on_packet(3, 0, 0);
  stats.on_packet(20'000, 0, 0);
  stats.on_packet(20'001, 0, 0);
  stats.on_packet(20'003, 0, 0);
  CHECK(stats.expected() == 3);
  CHECK(stats.lost() == 1);
  CHECK(stats.total_lost() == 2);
}

TEST_CASE("a restart forgets all but the total lost") {
  ReceiverStats stats(8000);
  stats.on_packet(0, 0, 0);
  stats.on_packet(5, 0, 7 * kMs);
  stats.restart(48'000);
  CHECK(stats.expected() == 0);
  CHECK(stats.jitter_ms() == 0.0);
  CHECK(stats.take_fraction_lost() == 0);
  CHECK(stats.total_lost() == 4);
}

}  // namespace
}  // namespace offhook
