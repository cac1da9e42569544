#include "rtp/reorder_buffer.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "rtp/sequence.h"

namespace offhook {
namespace {

using Insert = ReorderBuffer::Insert;
using Kind = ReorderBuffer::Popped::Kind;
constexpr std::int64_t kMs = 1'000'000;

/// A buffer fed by number; each packet's payload is its number, its timestamp 160 times as much.
struct Bench {
  ReorderBuffer buffer;
  Insert insert(std::int64_t sequence, std::int64_t now_ms = 0) {
    const std::vector<std::uint8_t> payload(1 + static_cast<std::size_t>(sequence & 0xF), static_cast<std::uint8_t>(sequence));
    return buffer.insert(sequence, static_cast<std::uint32_t>(sequence * 160), payload, now_ms * kMs);
  }
  /// All that can be popped now, e.g. "7 8 gap(9,2) 11".
  std::string drain(std::int64_t now_ms = 0) {
    std::string all;
    for (auto popped = buffer.pop(now_ms * kMs); popped.kind != Kind::nothing; popped = buffer.pop(now_ms * kMs)) {
      if (!all.empty()) all += ' ';
      if (popped.kind == Kind::gap) {
        all += "gap(" + std::to_string(popped.sequence) + "," + std::to_string(popped.lost) + ")";
        continue;
      }
      REQUIRE(popped.payload.size() == 1 + static_cast<std::size_t>(popped.sequence & 0xF));
      REQUIRE(popped.payload[0] == static_cast<std::uint8_t>(popped.sequence));
      REQUIRE(popped.timestamp == static_cast<std::uint32_t>(popped.sequence * 160));
      all += std::to_string(popped.sequence) + (popped.discontinuity ? "!" : "");
    }
    return all;
  }
};

TEST_CASE("packets in order leave at once") {
  Bench bench;
  for (int i = 100; i < 400; ++i) {
    REQUIRE(bench.insert(i) == Insert::accepted);
    REQUIRE(bench.drain() == std::to_string(i) + (i == 100 ? "!" : ""));
  }
  CHECK(bench.drain(10'000).empty());
}

TEST_CASE("packets out of order wait for the missing one and leave in order") {
  Bench bench;
  bench.insert(5);
  CHECK(bench.drain() == "5!");
  bench.insert(8);
  bench.insert(7);
  CHECK(bench.drain(49).empty());
  bench.insert(6, 49);
  CHECK(bench.drain(49) == "6 7 8");
}

TEST_CASE("a gap is confirmed exactly when a packet behind it has waited long enough, whichever arrived first") {
  Bench bench;
  bench.insert(1);
  CHECK(bench.drain() == "1!");
  bench.insert(5, 10);
  bench.insert(4, 30);
  CHECK(bench.drain(59).empty());
  CHECK(bench.drain(60) == "gap(2,2) 4 5");
}

TEST_CASE("a hole is waited for as long as packets out of order have needed, and less with every loss, within bounds") {
  Bench bench;
  bench.insert(1);
  bench.drain();
  CHECK(bench.buffer.gap_wait_ns() == 50 * kMs);
  std::int64_t now_ms = 0;
  for (int sequence = 3; sequence < 100; sequence += 2) {
    bench.insert(sequence, now_ms);
    now_ms += 60;
    bench.drain(now_ms);
  }
  CHECK(bench.buffer.gap_wait_ns() < 22 * kMs);
  // 99 was popped last.
  bench.insert(101, now_ms);
  bench.insert(100, now_ms + 16);
  CHECK(bench.drain(now_ms + 16) == "100 101");
  CHECK(bench.buffer.gap_wait_ns() == 25 * kMs);
  // Too late for the wait as it was, and so a reason for a longer one.
  bench.insert(103, now_ms + 100);
  CHECK(bench.drain(now_ms + 125) == "gap(102,1) 103");
  CHECK(bench.insert(102, now_ms + 140) == Insert::late);
  CHECK(bench.buffer.gap_wait_ns() == 55 * kMs);
  bench.insert(105, now_ms + 200);
  CHECK(bench.drain(now_ms + 300) == "gap(104,1) 105");
  CHECK(bench.insert(104, now_ms + 320) == Insert::late);
  CHECK(bench.buffer.gap_wait_ns() == 80 * kMs);
}

TEST_CASE("who takes packets at a time of his own sees the first one and what is missing before it") {
  Bench bench;
  CHECK(bench.buffer.peek().kind == Kind::nothing);
  bench.insert(1);
  CHECK(bench.buffer.peek().discontinuity);
  bench.buffer.drop_first();
  bench.insert(4);
  bench.insert(5);
  CHECK(bench.buffer.peek().sequence == 4);
  CHECK(bench.buffer.peek().lost == 2);
  bench.insert(2);
  CHECK(bench.buffer.peek().sequence == 2);
  CHECK(bench.buffer.peek().lost == 0);
  bench.buffer.drop_first();
  bench.buffer.give_up_missing();
  CHECK(bench.buffer.peek().lost == 0);
  CHECK(bench.insert(3) == Insert::late);
  bench.buffer.drop_first();
  bench.buffer.drop_first();
  CHECK(bench.buffer.peek().kind == Kind::nothing);
}

TEST_CASE("silence of the far end is no gap, however long") {
  Bench bench;
  bench.insert(1);
  bench.drain();
  CHECK(bench.drain(3'600'000).empty());
}

TEST_CASE("two gaps each wait for themselves") {
  Bench bench;
  bench.insert(1, 0);
  bench.insert(3, 0);
  bench.insert(5, 30);
  CHECK(bench.drain(50) == "1! gap(2,1) 3");
  CHECK(bench.drain(80) == "gap(4,1) 5");
}

TEST_CASE("a packet is a duplicate when it is stored or was popped, and late when its place was given up") {
  Bench bench;
  bench.insert(1);
  bench.insert(3);
  CHECK(bench.insert(3) == Insert::duplicate);
  CHECK(bench.drain(50) == "1! gap(2,1) 3");
  CHECK(bench.insert(3) == Insert::duplicate);
  CHECK(bench.insert(2) == Insert::late);
  CHECK(bench.insert(1) == Insert::duplicate);
  CHECK(bench.insert(0) == Insert::late);
  CHECK(bench.insert(-20) == Insert::late);
}

TEST_CASE("the wrap of the sequence number goes unnoticed behind an unwrapper") {
  Bench bench;
  SequenceUnwrapper unwrapper;
  for (const int sequence : {65533, 65535, 65534, 1, 0, 2}) bench.insert(unwrapper.unwrap(static_cast<std::uint16_t>(sequence)));
  CHECK(bench.drain() == "65533! 65534 65535 65536 65537 65538");
}

TEST_CASE("a packet beyond the buffer's reach is a stray; a second in sequence moves the buffer there") {
  for (const std::int64_t jump : {64, 1000, -65, -30'000}) {
    CAPTURE(jump);
    Bench bench;
    bench.insert(100);
    CHECK(bench.drain() == "100!");
    const std::int64_t there = 101 + jump;
    CHECK(bench.insert(there) == Insert::stray);
    CHECK(bench.drain(1000).empty());
    CHECK(bench.insert(there + 1) == Insert::accepted);
    CHECK(bench.insert(there + 2) == Insert::accepted);
    CHECK(bench.drain() == std::to_string(there + 1) + "! " + std::to_string(there + 2));
  }
}

TEST_CASE("a single stray, or one repeated, disturbs nothing") {
  Bench bench;
  bench.insert(100);
  CHECK(bench.insert(5000) == Insert::stray);
  CHECK(bench.insert(5000) == Insert::stray);
  CHECK(bench.insert(101) == Insert::accepted);
  CHECK(bench.insert(5001) == Insert::stray);
  CHECK(bench.drain() == "100! 101");
}

TEST_CASE("reaches 64 packets ahead, and gives a hole up at once when that many would otherwise be lost behind it") {
  Bench bench;
  bench.insert(0);
  CHECK(bench.drain() == "0!");
  CHECK(bench.insert(65) == Insert::stray);
  CHECK(bench.insert(64) == Insert::accepted);
  for (int i = 2; i <= 47; ++i) {
    REQUIRE(bench.insert(i) == Insert::accepted);
    REQUIRE(bench.drain().empty());
  }
  bench.insert(48);
  CHECK(bench.buffer.stored() == 48);
  CHECK(bench.drain().starts_with("gap(1,1) 2 3 "));
  CHECK(bench.buffer.stored() == 1);
}

TEST_CASE("a burst of a hundred packets at one instant, with a hole in front, loses only the hole") {
  Bench bench;
  bench.insert(0);
  std::string all = bench.drain();
  for (int i = 2; i < 102; ++i) {
    REQUIRE(bench.insert(i) == Insert::accepted);
    all += bench.drain();
  }
  CHECK(all.find("gap(1,1)") != std::string::npos);
  CHECK(all.find("gap", all.find("gap") + 1) == std::string::npos);
  CHECK(all.ends_with("101"));
}

TEST_CASE("an empty payload keeps its place; one longer than a slot is refused") {
  ReorderBuffer buffer;
  CHECK(buffer.insert(1, 0, {}, 0) == Insert::accepted);
  const std::vector<std::uint8_t> largest(ReorderBuffer::kMaxPayloadBytes, 7);
  CHECK(buffer.insert(2, 0, largest, 0) == Insert::accepted);
  CHECK(buffer.insert(3, 0, std::vector<std::uint8_t>(ReorderBuffer::kMaxPayloadBytes + 1), 0) == Insert::oversized);
  CHECK(buffer.pop(0).payload.empty());
  const auto popped = buffer.pop(0);
  CHECK(std::vector(popped.payload.begin(), popped.payload.end()) == largest);
  CHECK(buffer.pop(0).kind == Kind::nothing);
}

TEST_CASE("after reset the next packet begins a new stream, whatever its number") {
  Bench bench;
  bench.insert(100);
  bench.insert(102);
  CHECK(bench.drain() == "100!");
  bench.buffer.reset();
  CHECK(bench.drain(1000).empty());
  CHECK(bench.insert(7) == Insert::accepted);
  CHECK(bench.insert(6) == Insert::late);
  CHECK(bench.drain() == "7!");
}

TEST_CASE("only the packet awaited, with none stored, passes through uncopied, and counts as popped") {
  Bench bench;
  CHECK_FALSE(bench.buffer.pass_through(10));  // the first one is a discontinuity
  bench.insert(10);
  CHECK(bench.drain() == "10!");
  CHECK(bench.buffer.pass_through(11));
  CHECK_FALSE(bench.buffer.pass_through(11));
  CHECK(bench.insert(11) == Insert::duplicate);
  CHECK_FALSE(bench.buffer.pass_through(13));
  bench.insert(13);
  CHECK_FALSE(bench.buffer.pass_through(12));  // 13 waits behind it
  bench.insert(12);
  CHECK(bench.drain() == "12 13");
  CHECK(bench.buffer.pass_through(14));
}

}  // namespace
}  // namespace offhook
