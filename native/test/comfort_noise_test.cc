#include "dsp/comfort_noise.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "test/support/signal.h"

namespace offhook {
namespace {

using Samples = std::vector<std::int16_t>;
using Verdict = SilenceSuppressor::Verdict;

Samples noise_at(int level) {
  ComfortNoise noise;
  const std::uint8_t payload[] = {static_cast<std::uint8_t>(level), 200, 7};
  noise.set(payload);
  Samples out(16'000);
  noise.fill(out);
  return out;
}

TEST_CASE("comfort noise is as loud as its level says, and no tone") {
  for (const int level : {20, 40, 60}) {
    CAPTURE(level);
    const Samples out = noise_at(level);
    CHECK(test::to_db(test::rms(out) / 32'768) == doctest::Approx(-level).epsilon(0.02));
    for (const double hz : {100.0, 1'000.0, 3'000.0}) CHECK(test::amplitude_at(out, hz, 16'000) < test::rms(out) / 10);
  }
  CHECK(test::rms(noise_at(127)) == 0);
  CHECK(test::rms(noise_at(0)) < 32'768);
}

TEST_CASE("without a level, or once somebody speaks again, there is silence") {
  ComfortNoise noise;
  Samples out(160, 1);
  noise.fill(out);
  CHECK(test::rms(out) == 0);
  noise.set({});
  noise.fill(out);
  CHECK(test::rms(out) == 0);
  const std::uint8_t payload[] = {30};
  noise.set(payload);
  noise.fill(out);
  CHECK(test::rms(out) > 300);
  noise.clear();
  noise.fill(out);
  CHECK(test::rms(out) == 0);
}

/// s: sent as it is, n: comfort noise, a dot: nothing.
std::string verdicts(SilenceSuppressor& suppressor, const Samples& frame, int frames) {
  std::string out;
  for (int i = 0; i < frames; ++i) {
    const Verdict verdict = suppressor.look(frame);
    out += verdict == Verdict::speak ? 's' : verdict == Verdict::comfort_noise ? 'n' : '.';
  }
  return out;
}

TEST_CASE("silence is sent for 200 ms, then named once, and again every half second until somebody speaks") {
  const Samples quiet(320, 12);
  const Samples loud(320, 500);
  SilenceSuppressor suppressor;
  CHECK(verdicts(suppressor, loud, 3) == "sss");
  CHECK(verdicts(suppressor, quiet, 10) == "ssssssssss");
  CHECK(verdicts(suppressor, quiet, 26) == "n........................n");
  CHECK(verdicts(suppressor, loud, 1) == "s");
  CHECK(verdicts(suppressor, quiet, 11) == "ssssssssssn");
  suppressor.reset();
  CHECK(verdicts(suppressor, quiet, 1) == "s");
}

TEST_CASE("packets of any length are left out alike") {
  for (const std::size_t samples : {160U, 480U, 640U, 960U}) {
    CAPTURE(samples);
    SilenceSuppressor suppressor;
    const std::string all = verdicts(suppressor, Samples(samples), static_cast<int>(48'000 / samples));
    const std::size_t first = all.find('n');
    CHECK(first * samples >= 3'200);
    CHECK(first * samples < 3'200 + samples);
    CHECK(std::count(all.begin(), all.end(), 'n') >= 5);
    CHECK(std::count(all.begin(), all.end(), 'n') <= 6);
    CHECK(all.find('s', first) == std::string::npos);
  }
}

}  // namespace
}  // namespace offhook
