#include "dsp/cadence.h"

#include <doctest/doctest.h>

#include <vector>

#include "test/support/signal.h"

using namespace offhook;
using Samples = std::vector<std::int16_t>;

namespace {

Samples played(const ToneOrder& order, std::size_t samples, std::size_t frame = 320) {
  Cadence cadence(16'000);
  cadence.start(order);
  Samples out(samples);
  for (std::size_t at = 0; at < samples; at += frame) cadence.next(std::span(out).subspan(at, std::min(frame, samples - at)));
  return out;
}

}  // namespace

TEST_CASE("a single step has no end") {
  const Samples out = played({.steps = {{{{440}, 0}}}, .count = 1}, 32'000);
  CHECK(test::amplitude_at(std::span(out).last(16'000), 440, 16'000) == doctest::Approx(8'191).epsilon(0.01));
}

TEST_CASE("steps follow one another to the sample and begin again, two frequencies at once with half the level each") {
  // British ringing.
  const ToneOrder order{.steps = {{{{400, 450}, 400}, {{}, 200}, {{400, 450}, 400}, {{}, 2'000}}}, .count = 4};
  for (const std::size_t frame : {160U, 320U, 960U}) {
    const Samples out = played(order, 96'000, frame);
    for (const std::size_t start : {0U, 9'600U, 48'000U, 57'600U}) {
      const auto ring = std::span(out).subspan(start, 6'400);
      CHECK(test::amplitude_at(ring, 400, 16'000) == doctest::Approx(4'095).epsilon(0.02));
      CHECK(test::amplitude_at(ring, 450, 16'000) == doctest::Approx(4'095).epsilon(0.02));
    }
    for (const auto& [start, length] : {std::pair<std::size_t, std::size_t>{6'400, 3'200}, {16'000, 32'000}, {54'400, 3'200}}) {
      CHECK(test::rms(std::span(out).subspan(start, length)) == 0.0);
    }
  }
}
