#include "dsp/dtmf_detector.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "dsp/dtmf.h"
#include "dsp/dtmf_press.h"
#include "test/support/signal.h"

using namespace offhook;
using Samples = std::vector<std::int16_t>;

namespace {

constexpr int kRateHz = 16'000;
/// Amplitude of a sine at 0 dBm0.
constexpr double kZeroDbm = 22'750;

struct Line {
  double off{0};        ///< share by which both frequencies are too high (the high one too low in every second press)
  double twist_db{0};   ///< high group above low group
  double low_dbm{-10};
  double noise_db{60};  ///< key above noise, in the telephone's 4 kHz
};

/// `presses` in order, each `on_ms` with `off_ms` behind it, after a silence of `lead_ms`.
Samples pressed(const std::string& presses, double on_ms, double off_ms, const Line& line, std::mt19937& random, double lead_ms) {
  const double low = kZeroDbm * std::pow(10, line.low_dbm / 20);
  const double high = low * std::pow(10, line.twist_db / 20);
  std::vector<double> signal(static_cast<std::size_t>(lead_ms * 16), 0.0);
  for (std::size_t n = 0; n < presses.size(); ++n) {
    const std::size_t key = *dtmf_key_of(presses[n]);
    const double low_hz = kDtmfLowHz[key / 4] * (1 + line.off);
    const double high_hz = kDtmfHighHz[key % 4] * (1 + (n % 2 == 0 ? line.off : -line.off));
    const double phase = std::uniform_real_distribution<>(0, 6)(random);
    for (int i = 0; i < on_ms * 16; ++i) {
      signal.push_back(low * std::sin(2 * std::numbers::pi * low_hz * i / kRateHz + phase) +
                       high * std::sin(2 * std::numbers::pi * high_hz * i / kRateHz + 2 * phase));
    }
    signal.insert(signal.end(), static_cast<std::size_t>(off_ms * 16), 0.0);
  }
  signal.insert(signal.end(), 1'600, 0.0);
  // White up to 8 kHz: half of it is within the band.
  const double noise = std::sqrt((low * low + high * high) * std::pow(10, -line.noise_db / 10));
  std::normal_distribution<> gauss(0, noise);
  Samples out;
  for (const double x : signal) out.push_back(static_cast<std::int16_t>(std::lround(std::clamp(x + gauss(random), -32'768.0, 32'767.0))));
  return out;
}

struct Found {
  std::string digits;
  std::vector<double> durations_ms;
};

Found found_in(std::span<const std::int16_t> samples, std::size_t piece = 320) {
  DtmfDetector detector;
  Found found;
  for (; !samples.empty(); samples = samples.subspan(std::min(piece, samples.size()))) {
    detector.process(samples.first(std::min(piece, samples.size())), [&](const DtmfDetector::Press& press) {
      found.digits += press.digit;
      found.durations_ms.push_back(press.duration_ms);
    });
  }
  return found;
}

const std::string kAll = "1234567890*#ABCD55";

}  // namespace

TEST_CASE("every key is found, as short, as close together, as far off and as uneven as Q.24 lets it be, in noise") {
  struct Row { double on_ms; double off_ms; Line line; };
  const Row rows[] = {
      {100, 60, {}},
      {40, 40, {}},
      {40, 40, {.off = 0.015, .noise_db = 15}},
      {40, 40, {.off = -0.015, .twist_db = 4, .noise_db = 18}},
      {40, 40, {.twist_db = -8, .noise_db = 18}},
      {40, 40, {.low_dbm = -29, .noise_db = 20}},
      {100, 40, {.low_dbm = -4, .noise_db = 11}},
  };
  std::mt19937 random(7);
  for (const Row& row : rows) {
    // Wherever it begins between two windows.
    for (double lead_ms = 30; lead_ms < 40; lead_ms += 2.5) {
      CAPTURE(row.on_ms);
      CAPTURE(row.line.noise_db);
      CAPTURE(lead_ms);
      const Found found = found_in(pressed(kAll, row.on_ms, row.off_ms, row.line, random, lead_ms));
      CHECK(found.digits == kAll);
      for (const double ms : found.durations_ms) CHECK(ms == doctest::Approx(row.on_ms).epsilon(0.3));
    }
  }
}

TEST_CASE("what is no key press is none: too short, too far off, too uneven, or one tone alone") {
  std::mt19937 random(7);
  CHECK(found_in(pressed(kAll, 20, 60, {}, random, 33)).digits.empty());
  CHECK(found_in(pressed(kAll, 100, 60, {.off = 0.035}, random, 33)).digits.empty());
  CHECK(found_in(pressed(kAll, 100, 60, {.off = -0.035}, random, 33)).digits.empty());
  CHECK(found_in(pressed(kAll, 100, 60, {.twist_db = 9}, random, 33)).digits.empty());
  CHECK(found_in(pressed(kAll, 100, 60, {.twist_db = -13}, random, 33)).digits.empty());
  CHECK(found_in(pressed(kAll, 100, 60, {.low_dbm = -45}, random, 33)).digits.empty());
  for (const double hz : {697.0, 941.0, 1209.0, 1633.0}) CHECK(found_in(test::sine(hz, kRateHz, 8'000, 16'000)).digits.empty());
}

TEST_CASE("a press that drops out for 10 ms is one, of its whole length, and 30 ms of silence make two") {
  std::mt19937 random(7);
  const Found dented = found_in(pressed("55", 100, 10, {}, random, 30));
  CHECK(dented.digits == "5");
  CHECK(dented.durations_ms.at(0) == doctest::Approx(210).epsilon(0.05));
  CHECK(found_in(pressed("55", 100, 30, {}, random, 30)).digits == "55");
}

TEST_CASE("pieces of any length are the same signal") {
  std::mt19937 random(7);
  const Samples signal = pressed(kAll, 60, 50, {.noise_db = 20}, random, 30);
  for (const std::size_t piece : {2U, 38U, 160U, 960U, 1'920U}) CHECK(found_in(signal, piece).digits == kAll);
}

TEST_CASE("what we press ourselves is understood, in frames of any packet time") {
  for (const std::size_t frame : {160U, 320U, 960U}) {
    DtmfPress press(kRateHz);
    CHECK_FALSE(press.start('x', 100, 60));
    Samples signal;
    for (const char digit : kAll) {
      REQUIRE(press.start(digit, 70, 60));
      while (press.active()) {
        signal.resize(signal.size() + frame);
        press.next(std::span(signal).last(frame));
      }
    }
    CAPTURE(frame);
    CHECK(found_in(signal).digits == kAll);
  }
}

TEST_CASE("a press that the audio ends with is told when no more comes") {
  std::mt19937 random(7);
  Samples signal = pressed("9", 100, 0, {}, random, 30);
  signal.resize(130 * 16);
  DtmfDetector detector;
  detector.process(signal, [](const DtmfDetector::Press&) { FAIL("too early"); });
  const auto press = detector.finish();
  REQUIRE(press);
  CHECK(press->digit == '9');
  CHECK_FALSE(detector.finish());
}
