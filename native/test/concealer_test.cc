#include "dsp/concealer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "test/support/signal.h"

namespace offhook {
namespace {

using test::rms;
using Samples = std::vector<std::int16_t>;

/// A voice-like buzz: harmonics of `pitch_hz` that fall off by 6 dB per octave.
Samples voice(double pitch_hz, int rate_hz, std::size_t samples) {
  Samples out(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    double sum = 0;
    for (int harmonic = 1; harmonic <= 8; ++harmonic) {
      sum += std::sin(2 * std::numbers::pi * pitch_hz * harmonic * static_cast<double>(i) / rate_hz) / harmonic;
    }
    out[i] = static_cast<std::int16_t>(4000 * sum);
  }
  return out;
}

/// Plays `signal` through a concealer in 20 ms frames and loses those from `first_lost` on, `lost` of them.
Samples with_loss(Samples signal, int rate_hz, std::size_t first_lost, std::size_t lost) {
  Concealer concealer(rate_hz);
  const auto frame = static_cast<std::size_t>(rate_hz) / 50;
  for (std::size_t i = 0; (i + 1) * frame <= signal.size(); ++i) {
    const auto part = std::span(signal).subspan(i * frame, frame);
    if (i >= first_lost && i < first_lost + lost) concealer.conceal(part);
    else concealer.good(part);
  }
  return signal;
}

int largest_step(std::span<const std::int16_t> samples) {
  int largest = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) largest = std::max(largest, std::abs(samples[i] - samples[i - 1]));
  return largest;
}

TEST_CASE("without loss every sample passes untouched") {
  const Samples signal = voice(110, 8000, 8000);
  CHECK(with_loss(signal, 8000, 1000, 0) == signal);
}

TEST_CASE("a lost frame of a steady voice is rebuilt nearly as it was, at either rate and any pitch") {
  for (const int rate_hz : {8000, 16'000}) {
    for (const double pitch_hz : {80.0, 110.0, 160.0, 220.0, 310.0}) {
      CAPTURE(rate_hz);
      CAPTURE(pitch_hz);
      const auto frame = static_cast<std::size_t>(rate_hz) / 50;
      const Samples signal = voice(pitch_hz, rate_hz, frame * 12);
      const Samples out = with_loss(signal, rate_hz, 8, 1);
      // Full level lasts 10 ms; what lies there must resemble the original far better than silence would.
      const std::size_t half = frame / 2;
      Samples error(half);
      for (std::size_t i = 0; i < half; ++i) error[i] = static_cast<std::int16_t>(out[8 * frame + i] - signal[8 * frame + i]);
      CHECK(rms(error) < 0.45 * rms(std::span(signal).subspan(8 * frame, half)));
    }
  }
}

TEST_CASE("the joints do not click: no step is larger than the voice's own by more than a half") {
  for (const std::size_t lost : {1U, 2U, 3U, 5U}) {
    for (const double pitch_hz : {90.0, 133.0, 205.0}) {
      CAPTURE(lost);
      CAPTURE(pitch_hz);
      const Samples signal = voice(pitch_hz, 8000, 160 * 24);
      CHECK(largest_step(with_loss(signal, 8000, 10, lost)) <= largest_step(signal) * 3 / 2);
    }
  }
}

TEST_CASE("the level holds for 10 ms, falls by a fifth every 10 ms and is silence from 60 ms on") {
  const Samples signal = test::sine(200, 8000, 10'000, 160 * 30);
  const Samples out = with_loss(signal, 8000, 10, 6);
  const auto level_at = [&](std::size_t ms) { return rms(std::span(out).subspan(1600 + ms * 8, 80)) / (10'000 / std::sqrt(2.0)); };
  CHECK(level_at(0) == doctest::Approx(1.0).epsilon(0.08));
  CHECK(level_at(10) == doctest::Approx(0.9).epsilon(0.05));
  CHECK(level_at(30) == doctest::Approx(0.5).epsilon(0.05));
  CHECK(level_at(50) < 0.15);
  CHECK(rms(std::span(out).subspan(1600 + 60 * 8, 60 * 8)) == 0.0);
}

TEST_CASE("after a loss the voice is itself again within 10 ms, and the blend leads smoothly from silence") {
  const Samples signal = voice(120, 8000, 160 * 30);
  const Samples out = with_loss(signal, 8000, 10, 6);
  CHECK(std::equal(out.begin() + 160 * 16 + 80, out.end(), signal.begin() + 160 * 16 + 80));
  CHECK(std::abs(out[160 * 16]) <= std::abs(signal[160 * 16]) / 20 + 1);
}

TEST_CASE("a loss before anything was heard, or in silence, is silence") {
  Concealer fresh(8000);
  Samples frame(160, 123);
  fresh.conceal(frame);
  CHECK(rms(frame) == 0.0);
  CHECK(rms(with_loss(Samples(1600), 8000, 4, 2)) == 0.0);
}

TEST_CASE("full-scale noise in frames of any size stays in range and fades out once the stream has stopped") {
  std::mt19937 random(3);
  Concealer concealer(8000);
  for (int i = 0; i < 2000; ++i) {
    Samples frame(random() % 500);
    for (auto& sample : frame) sample = random() % 2 == 0 ? INT16_MIN : INT16_MAX;
    if (random() % 2 == 0) concealer.good(frame);
    else concealer.conceal(frame);
  }
  Samples tail(960);
  concealer.conceal(tail);
  CHECK(std::abs(tail.back()) == 0);
}

}  // namespace
}  // namespace offhook
