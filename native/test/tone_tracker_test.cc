#include "dsp/tone_tracker.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "dsp/cadence.h"

using namespace offhook;
using Samples = std::vector<std::int16_t>;

namespace {

/// 200 ms of silence, then `seconds` of the cadence, in noise so far below it.
Samples heard(const ToneOrder& order, double seconds, double noise_db) {
  Cadence cadence(16'000);
  cadence.start(order);
  Samples out(static_cast<std::size_t>(seconds * 16'000) + 3'200);
  cadence.next(std::span(out).subspan(3'200));
  std::mt19937 random(3);
  std::normal_distribution<> gauss(0, 8'191 * std::pow(10, -noise_db / 20));
  for (auto& sample : out) sample = static_cast<std::int16_t>(std::lround(sample + gauss(random)));
  return out;
}

std::vector<ToneTracker::Sound> sounds_in(std::span<const std::int16_t> samples, std::size_t piece = 320) {
  ToneTracker tracker;
  std::vector<ToneTracker::Sound> sounds;
  for (; !samples.empty(); samples = samples.subspan(std::min(piece, samples.size()))) {
    tracker.process(samples.first(std::min(piece, samples.size())), [&](const ToneTracker::Sound& sound) { sounds.push_back(sound); });
  }
  return sounds;
}

}  // namespace

TEST_CASE("each tone is told with its frequencies, and when it began and ended") {
  struct Row { std::array<float, 2> hz; std::uint32_t on_ms; std::uint32_t off_ms; float low; float high; };
  const Row rows[] = {
      {{425}, 480, 480, 425, 0},         {{425}, 200, 200, 425, 0}, {{480, 620}, 500, 500, 480, 620}, {{480, 620}, 250, 250, 480, 620},
      {{440, 480}, 1'000, 700, 460, 0},  {{1'100}, 500, 900, 1'100, 0}, {{2'100}, 1'000, 300, 2'100, 0},
  };
  for (const Row& row : rows) {
    for (const double noise_db : {60.0, 20.0}) {
      CAPTURE(row.hz[0]);
      CAPTURE(noise_db);
      const auto sounds = sounds_in(heard({.steps = {{{row.hz, row.on_ms}, {{}, row.off_ms}}}, .count = 2}, 4, noise_db));
      const double period = row.on_ms + row.off_ms;
      REQUIRE(sounds.size() >= static_cast<std::size_t>(4'000 / period));
      for (std::size_t i = 0; i < static_cast<std::size_t>(4'000 / period); ++i) {
        const double start = 200 + static_cast<double>(i) * period;
        CHECK(sounds[i].low_hz == doctest::Approx(row.low).epsilon(0.01));
        CHECK(sounds[i].high_hz == doctest::Approx(row.high).epsilon(0.01));
        CHECK(std::abs(sounds[i].start_ms - start) < 35);
        CHECK(std::abs(sounds[i].end_ms - (start + row.on_ms)) < 35);
      }
    }
  }
}

TEST_CASE("tones that follow one another at once are several, one without end is told in pieces, and noise is none") {
  const auto information = sounds_in(heard({.steps = {{{{950}, 330}, {{1'400}, 330}, {{1'800}, 330}, {{}, 1'000}}}, .count = 4}, 2, 30));
  REQUIRE(information.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(information[i].low_hz == doctest::Approx(std::array{950, 1'400, 1'800}[i]).epsilon(0.01));
  const auto endless = sounds_in(heard({.steps = {{{{425}, 0}}}, .count = 1}, 12, 30));
  REQUIRE(endless.size() == 2);
  CHECK(endless[1].start_ms - endless[0].end_ms < 50);
  CHECK(sounds_in(heard({.steps = {{{{}, 0}}}, .count = 1}, 30, 20)).empty());
}

TEST_CASE("pieces of any length are the same signal") {
  const Samples signal = heard({.steps = {{{{425}, 480}, {{}, 480}}}, .count = 2}, 3, 30);
  for (const std::size_t piece : {2U, 160U, 1'920U}) CHECK(sounds_in(signal, piece).size() == sounds_in(signal).size());
}
