#include "dsp/resampler.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "test/support/signal.h"

namespace offhook {
namespace {

using test::amplitude_at;
using test::rms;
using test::sine;
using test::to_db;
using Samples = std::vector<std::int16_t>;

constexpr int kRates[] = {8000, 16'000, 22'050, 24'000, 32'000, 44'100, 48'000};

Samples resample(const Samples& in, int from_hz, int to_hz = 16'000) {
  Samples out;
  Resampler(from_hz, to_hz).process(in, out);
  return out;
}
/// The second second.
std::span<const std::int16_t> settled(const Samples& samples, int rate_hz) {
  return std::span(samples).subspan(static_cast<std::size_t>(rate_hz), static_cast<std::size_t>(rate_hz));
}

TEST_CASE("a tone of any supported rate keeps its pitch and level, and nothing is added that is louder than -65 dB") {
  for (const int rate : kRates) {
    for (const double hz : {100.0, 1000.0, 3000.0, 0.83 * std::min(rate, 16'000) / 2}) {
      CAPTURE(rate);
      CAPTURE(hz);
      const double tone = std::round(hz);
      const Samples out = resample(sine(tone, rate, 10'000, 2 * static_cast<std::size_t>(rate)), rate);
      REQUIRE(out.size() == 32'000);
      const auto heard = settled(out, 16'000);
      CHECK(std::abs(to_db(amplitude_at(heard, tone, 16'000) / 10'000)) < 0.05);
      const double tone_rms = amplitude_at(heard, tone, 16'000) / std::sqrt(2.0);
      const double rest = std::sqrt(std::max(0.0, rms(heard) * rms(heard) - tone_rms * tone_rms));
      CHECK(to_db(rest / tone_rms) < -65);
    }
  }
}

TEST_CASE("what lies above the new Nyquist frequency is at least 60 dB down") {
  for (const int rate : {22'050, 24'000, 32'000, 44'100, 48'000}) {
    for (const double hz : {8300.0, 9000.0, 10'500.0}) {
      CAPTURE(rate);
      CAPTURE(hz);
      CHECK(to_db(rms(settled(resample(sine(hz, rate, 10'000, 2 * static_cast<std::size_t>(rate)), rate), 16'000)) / 7071) < -60);
    }
  }
}

TEST_CASE("output does not depend on how the input is cut") {
  std::mt19937 random(5);
  Samples in(5000);
  for (auto& sample : in) sample = static_cast<std::int16_t>(random());
  for (const int rate : kRates) {
    const Samples expected = resample(in, rate);
    for (const std::size_t cut : {1U, 7U, 441U, 4096U}) {
      CAPTURE(rate);
      CAPTURE(cut);
      Resampler resampler(rate, 16'000);
      Samples out;
      for (std::size_t at = 0; at < in.size(); at += cut) resampler.process(std::span(in).subspan(at, std::min(cut, in.size() - at)), out);
      CHECK(out == expected);
    }
  }
}

TEST_CASE("a minute in pieces comes to exactly a minute") {
  Resampler resampler(22'050, 16'000);
  const Samples second(22'050);
  std::size_t samples = 0;
  Samples out;
  for (int i = 0; i < 60; ++i) {
    out.clear();
    resampler.process(second, out);
    samples += out.size();
  }
  CHECK(samples == 60 * 16'000);
}

TEST_CASE("equal rates pass samples untouched, and what is appended keeps what was there") {
  const Samples in{1, -2, 32'767};
  Samples out{9};
  Resampler(16'000, 16'000).process(in, out);
  CHECK(out == Samples{9, 1, -2, 32'767});
}

TEST_CASE("a constant stays constant, full scale saturates, and it works downwards too") {
  const Samples out = resample(Samples(4410, 1000), 44'100);
  for (std::size_t i = 100; i < out.size(); ++i) REQUIRE(out[i] == 1000);
  Samples square(4800);
  for (std::size_t i = 0; i < square.size(); ++i) square[i] = (i / 100) % 2 == 0 ? INT16_MAX : INT16_MIN;
  const Samples loud = resample(square, 48'000);
  CHECK(*std::max_element(loud.begin(), loud.end()) == INT16_MAX);
  CHECK(*std::min_element(loud.begin(), loud.end()) == INT16_MIN);
  CHECK(resample(Samples(16'000), 16'000, 8000).size() == 8000);
}

}  // namespace
}  // namespace offhook
