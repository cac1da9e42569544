#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include "engine/playout_queue.h"

using namespace offhook;

namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
using Frame = std::array<std::int16_t, 320>;

std::vector<std::int16_t> constant(std::size_t count, std::int16_t value) { return std::vector<std::int16_t>(count, value); }

bool silent(const Frame& frame) {
  return std::all_of(frame.begin(), frame.end(), [](std::int16_t sample) { return sample == 0; });
}

std::vector<std::uint32_t> passed_marks(PlayoutQueue& queue) {
  std::vector<std::uint32_t> ids;
  for (std::uint32_t id = 0; queue.next_passed_mark(id);) ids.push_back(id);
  return ids;
}

}  // namespace

TEST_CASE("positions, marks and the end are exact to the sample") {
  PlayoutQueue queue;
  Frame frame;
  CHECK(queue.mark() == 1);
  CHECK(queue.write(constant(400, 100)) == 400);
  CHECK(queue.mark() == 2);
  CHECK(queue.write(constant(100, 100)) == 500);
  CHECK(queue.mark() == 3);

  auto taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 320);
  CHECK_FALSE(taken.drained);
  CHECK(passed_marks(queue) == std::vector<std::uint32_t>{1});
  taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 180);
  CHECK(taken.drained);
  CHECK(frame[179] == 100);
  CHECK(frame[180] == 0);
  CHECK(passed_marks(queue) == std::vector<std::uint32_t>{2});
  CHECK(queue.position() == 500);

  taken = queue.take(frame, kNoLimit);
  CHECK_FALSE(taken.audible);
  CHECK_FALSE(taken.drained);
  CHECK(silent(frame));
  CHECK(passed_marks(queue).empty());
  queue.write(constant(1, 5));
  CHECK(queue.take(frame, kNoLimit).drained);
  CHECK(passed_marks(queue) == std::vector<std::uint32_t>{3});
}

TEST_CASE("a limit stops playout in mid-frame") {
  PlayoutQueue queue;
  Frame frame;
  queue.write(constant(1000, 7));
  CHECK(queue.take(frame, 100).samples == 100);
  CHECK(queue.take(frame, 100).samples == 0);
  CHECK(queue.take(frame, 0).samples == 0);
  CHECK(queue.position() == 100);
}

TEST_CASE("pause fades 5 ms that do not count, resume plays them again") {
  PlayoutQueue queue;
  Frame frame;
  queue.write(constant(2000, 1000));
  queue.take(frame, kNoLimit);
  CHECK(queue.pause() == 320);
  auto taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 0);
  CHECK(taken.audible);
  CHECK(frame[0] > 900);
  CHECK(frame[79] < 30);
  CHECK(frame[80] == 0);
  taken = queue.take(frame, kNoLimit);
  CHECK_FALSE(taken.audible);
  CHECK(silent(frame));
  CHECK(queue.position() == 320);
  queue.resume();
  taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 320);
  CHECK(taken.fading);
  CHECK(frame[0] == 0);
  CHECK(frame[80] == 1000);
  CHECK_FALSE(queue.take(frame, kNoLimit).fading);
}

TEST_CASE("flush ends one fade later, drops what follows and begins anew with what is written next") {
  PlayoutQueue queue;
  Frame frame;
  queue.write(constant(5000, 1000));
  const auto before = queue.mark();
  queue.take(frame, kNoLimit);
  CHECK(queue.flush(400) == 720);
  CHECK(queue.end() == 720);
  const auto after = queue.mark();
  CHECK(queue.write(constant(10, -1000)) == 730);
  auto taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 320);
  CHECK(taken.fading);
  CHECK(frame[0] > 990);
  CHECK(std::is_sorted(frame.rbegin(), frame.rend()));
  taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 80);
  CHECK(frame[79] < 10);
  CHECK_FALSE(taken.drained);
  CHECK(passed_marks(queue).empty());
  taken = queue.take(frame, kNoLimit);
  CHECK(taken.samples == 10);
  CHECK(frame[0] == -1000);
  CHECK(taken.drained);
  CHECK(passed_marks(queue) == std::vector<std::uint32_t>{after});
  CHECK(before != after);
}

TEST_CASE("flush without a fade, while paused, when empty, and twice in a row") {
  Frame frame;
  SUBCASE("no fade") {
    PlayoutQueue queue;
    queue.write(constant(1000, 1000));
    queue.take(frame, kNoLimit);
    CHECK(queue.flush(0) == 320);
    const auto taken = queue.take(frame, kNoLimit);
    CHECK(taken.samples == 0);
    CHECK(taken.audible);
    CHECK_FALSE(queue.take(frame, kNoLimit).audible);
  }
  SUBCASE("paused") {
    PlayoutQueue queue;
    queue.write(constant(1000, 1000));
    queue.take(frame, kNoLimit);
    queue.pause();
    queue.take(frame, kNoLimit);
    CHECK(queue.flush(320) == 320);
    queue.resume();
    CHECK_FALSE(queue.take(frame, kNoLimit).audible);
    queue.write(constant(5, 9));
    CHECK(queue.take(frame, kNoLimit).samples == 5);
  }
  SUBCASE("empty") {
    PlayoutQueue queue;
    CHECK(queue.flush(320) == 0);
    CHECK_FALSE(queue.take(frame, kNoLimit).audible);
  }
  SUBCASE("shorter than the fade") {
    PlayoutQueue queue;
    queue.write(constant(100, 1000));
    CHECK(queue.flush(320) == 100);
  }
  SUBCASE("twice") {
    PlayoutQueue queue;
    queue.write(constant(5000, 1000));
    queue.take(frame, kNoLimit);
    CHECK(queue.flush(400) == 720);
    queue.write(constant(5000, -1000));
    queue.take(frame, kNoLimit);
    CHECK(queue.flush(400) == 720);
    CHECK(queue.take(frame, kNoLimit).samples == 80);
    CHECK(queue.take(frame, kNoLimit).samples == 0);
    CHECK(queue.position() == 720);
  }
}

TEST_CASE("more than the ring holds waits behind it and is handed over in order") {
  PlayoutQueue queue;
  Frame frame;
  const std::size_t total = PlayoutQueue::kRingSamples * 2 + 123;
  std::vector<std::int16_t> audio(total);
  for (std::size_t i = 0; i < total; ++i) audio[i] = static_cast<std::int16_t>(i % 30'000);
  CHECK(queue.write(audio) == static_cast<std::int64_t>(total));
  std::size_t seen = 0;
  bool in_order = true;
  while (seen < total) {
    const auto taken = queue.take(frame, kNoLimit);
    REQUIRE(taken.samples > 0);
    for (std::size_t i = 0; i < taken.samples; ++i) in_order = in_order && frame[i] == static_cast<std::int16_t>((seen + i) % 30'000);
    seen += taken.samples;
    CHECK(taken.drained == (seen == total));
    if (taken.wants_refill) queue.refill();
  }
  CHECK(in_order);
}

TEST_CASE("what pause and flush return stays true while the other thread takes frames") {
  PlayoutQueue queue;
  std::atomic<bool> stop{false};
  std::thread media([&] {
    Frame frame;
    while (!stop.load()) {
      queue.take(frame, kNoLimit);
      passed_marks(queue);
    }
  });
  std::mt19937 random(1);
  bool exact = true;
  for (int round = 0; round < 2'000; ++round) {
    const std::int64_t end = queue.write(constant(random() % 3'000, 1));
    queue.mark();
    if (random() % 2 == 0) {
      const std::int64_t paused_at = queue.pause();
      std::this_thread::yield();
      exact = exact && queue.position() == paused_at && paused_at <= end;
      queue.resume();
    }
    if (random() % 2 == 0) {
      const std::int64_t flushed_at = queue.flush(random() % 400);
      exact = exact && flushed_at <= end && queue.end() == flushed_at;
      while (queue.position() < flushed_at) std::this_thread::yield();
      std::this_thread::yield();
      exact = exact && queue.position() == flushed_at;
    }
  }
  stop.store(true);
  media.join();
  CHECK(exact);
}
