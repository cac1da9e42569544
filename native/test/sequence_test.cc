#include "rtp/sequence.h"

#include <doctest/doctest.h>

namespace offhook {
namespace {

TEST_CASE("sequence numbers carry on across the wrap through loss, reordering and repetition") {
  struct Row { std::uint16_t in; std::int64_t out; };
  const Row rows[] = {{65530, 65530}, {65535, 65535}, {2, 65538}, {65534, 65534}, {2, 65538}, {0, 65536}, {32769, 98305}, {3, 65539}};
  SequenceUnwrapper unwrapper;
  for (const auto& row : rows) {
    CAPTURE(row.in);
    CHECK(unwrapper.unwrap(row.in) == row.out);
  }
}

TEST_CASE("a packet from before the first one is behind it, not a lap ahead") {
  SequenceUnwrapper unwrapper;
  CHECK(unwrapper.unwrap(0) == 0);
  CHECK(unwrapper.unwrap(65535) == -1);
  CHECK(unwrapper.unwrap(1) == 1);
}

TEST_CASE("ten laps of 16 bits lose nothing") {
  SequenceUnwrapper unwrapper;
  for (std::int64_t i = 100; i < 655'360; i += 7) REQUIRE(unwrapper.unwrap(static_cast<std::uint16_t>(i)) == i);
}

TEST_CASE("timestamps carry on across 32 bits") {
  TimestampUnwrapper unwrapper;
  CHECK(unwrapper.unwrap(0xFFFFFF60U) == 0xFFFFFF60LL);
  CHECK(unwrapper.unwrap(0) == 0x100000000LL);
  CHECK(unwrapper.unwrap(0xFFFFFF60U) == 0xFFFFFF60LL);
}

TEST_CASE("peek changes nothing, reset forgets everything") {
  SequenceUnwrapper unwrapper;
  CHECK(unwrapper.unwrap(10) == 10);
  CHECK(unwrapper.peek(30'000) == 30'000);
  CHECK(unwrapper.unwrap(40'000) == 40'000 - 65'536);
  unwrapper.reset();
  CHECK(unwrapper.unwrap(40'000) == 40'000);
}

}  // namespace
}  // namespace offhook
