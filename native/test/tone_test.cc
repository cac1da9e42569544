#include "dsp/tone.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "test/support/signal.h"

namespace offhook {
namespace {

TEST_CASE("a tone is the sine it says, at its level, and starts at zero") {
  Tone tone(440, 16'000, 8000);
  std::vector<std::int16_t> out(16'000);
  tone.next(out);
  CHECK(out == test::sine(440, 16'000, 8000, 16'000));
}

TEST_CASE("cutting a tone into frames changes nothing") {
  Tone whole(1004, 8000, 10'000);
  Tone pieces(1004, 8000, 10'000);
  std::vector<std::int16_t> expected(800);
  std::vector<std::int16_t> out(800);
  whole.next(expected);
  for (std::size_t at = 0; at < 800; at += 160) pieces.next(std::span(out).subspan(at, 160));
  CHECK(out == expected);
}

TEST_CASE("an hour of tone neither drifts in level nor in frequency") {
  Tone tone(440, 8000, 10'000);
  std::vector<std::int16_t> second(8000);
  for (int i = 0; i < 3600; ++i) tone.next(second);
  CHECK(*std::max_element(second.begin(), second.end()) >= 9990);
  CHECK(*std::max_element(second.begin(), second.end()) <= 10'000);
  CHECK(test::amplitude_at(second, 440, 8000) == doctest::Approx(10'000).epsilon(0.001));
}

}  // namespace
}  // namespace offhook
