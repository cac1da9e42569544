#include "dsp/time_scaler.h"

#include <doctest/doctest.h>

#include <random>

#include "test/support/signal.h"

namespace offhook {
namespace {

using Samples = std::vector<std::int16_t>;

Samples voice(double pitch_hz, std::size_t samples) {
  Samples out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    double sum = 0;
    for (int harmonic = 1; harmonic <= 12; ++harmonic) {
      sum += std::sin(2 * std::numbers::pi * pitch_hz * harmonic * static_cast<double>(i) / 16'000) / harmonic;
    }
    out[i] = static_cast<std::int16_t>(5000 * sum);
  }
  return out;
}

double largest_step(std::span<const std::int16_t> samples) {
  double largest = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) largest = std::max(largest, std::abs(static_cast<double>(samples[i]) - samples[i - 1]));
  return largest;
}

TEST_CASE("a voice loses or gains whole periods, sounds the same and has no click at the joint") {
  for (const double pitch_hz : {80.0, 123.0, 200.0, 333.0}) {
    CAPTURE(pitch_hz);
    const Samples signal = voice(pitch_hz, 1600);
    const double period = 16'000 / pitch_hz;
    Samples cut(signal.begin() + 240, signal.end());
    const auto left_out = time_scaler::find_cut(cut, 240);
    REQUIRE(left_out.period > 0);
    CHECK(left_out.likeness > 0.95F);
    CHECK(std::abs(std::remainder(static_cast<double>(left_out.period), period)) < 2);
    time_scaler::cut(cut, left_out.period);
    cut.resize(cut.size() - left_out.period);
    CHECK(largest_step(cut) <= 1.1 * largest_step(signal));
    // The end is what it was.
    CHECK(std::equal(cut.end() - 500, cut.end(), signal.end() - 500));

    Samples longer = signal;
    const auto repeated = time_scaler::find_repeat(std::span(longer).subspan(240), 0);
    REQUIRE(repeated.period > 0);
    CHECK(std::abs(std::remainder(static_cast<double>(repeated.period), period)) < 2);
    longer.resize(longer.size() + repeated.period);
    time_scaler::repeat(std::span(longer).subspan(240), repeated.period);
    CHECK(largest_step(longer) <= 1.1 * largest_step(signal));
    CHECK(std::equal(longer.end() - 500, longer.end(), signal.end() - 500));
    CHECK(std::equal(longer.begin(), longer.begin() + 240, signal.begin()));
  }
}

TEST_CASE("where it is quiet exactly as much goes, or is added, as was asked for") {
  const Samples silence(1000);
  CHECK(time_scaler::find_cut(silence, 77).period == 77);
  CHECK(time_scaler::find_repeat(std::span(silence).subspan(240), 77).period == 77);
}

TEST_CASE("what has nothing in common with itself is said to") {
  std::mt19937 random(5);
  Samples noise(1000);
  for (auto& sample : noise) sample = static_cast<std::int16_t>(static_cast<int>(random() % 20'000) - 10'000);
  CHECK(time_scaler::find_cut(noise, 240).likeness < 0.5F);
  CHECK(time_scaler::find_repeat(std::span(noise).subspan(240), 240).likeness < 0.5F);
}

TEST_CASE("too little audio, or room for less than the shortest period, gives nothing") {
  const Samples signal = voice(150, 1000);
  CHECK(time_scaler::find_cut(std::span(signal).first(199), 240).period == 0);
  CHECK(time_scaler::find_cut(signal, 39).period == 0);
  CHECK(time_scaler::find_repeat(std::span(signal).subspan(240, 159), 240).period == 0);
}

}  // namespace
}  // namespace offhook
