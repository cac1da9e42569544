#include "dsp/half_band.h"

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

Samples upsample(const Samples& in) {
  Samples out(in.size() * 2);
  HalfBandUpsampler{}.process(in, out.data());
  return out;
}
Samples downsample(const Samples& in) {
  Samples out(in.size() / 2);
  HalfBandDownsampler{}.process(in, out.data());
  return out;
}
/// A second, from where the filter has settled.
std::span<const std::int16_t> settled(const Samples& samples, int rate_hz) {
  return std::span(samples).subspan(400, static_cast<std::size_t>(rate_hz));
}

TEST_CASE("up: telephone band passes within 0.05 dB and its image stays 50 dB below") {
  for (const double hz : {100.0, 300.0, 1000.0, 2000.0, 3000.0, 3400.0}) {
    CAPTURE(hz);
    const Samples out = upsample(sine(hz, 8000, 10000, 8800));
    const auto heard = settled(out, 16000);
    CHECK(std::abs(to_db(amplitude_at(heard, hz, 16000) / 10000)) < 0.05);
    CHECK(to_db(amplitude_at(heard, 8000 - hz, 16000) / 10000) < -50);
  }
}

TEST_CASE("down: telephone band passes within 0.05 dB") {
  for (const double hz : {100.0, 300.0, 1000.0, 2000.0, 3000.0, 3400.0}) {
    CAPTURE(hz);
    const Samples out = downsample(sine(hz, 16000, 10000, 17600));
    CHECK(std::abs(to_db(amplitude_at(settled(out, 8000), hz, 8000) / 10000)) < 0.05);
  }
}

TEST_CASE("down: what would alias into the telephone band is at least 50 dB down") {
  for (const double hz : {4600.0, 5000.0, 6000.0, 7000.0, 7700.0}) {
    CAPTURE(hz);
    const Samples out = downsample(sine(hz, 16000, 10000, 17600));
    CHECK(to_db(rms(settled(out, 8000)) / rms(sine(hz, 16000, 10000, 16000))) < -50);
  }
}

TEST_CASE("output does not depend on how the input is cut, down to single samples") {
  std::mt19937 random(1);
  Samples in(1000);
  for (auto& sample : in) sample = static_cast<std::int16_t>(random());
  for (const std::size_t cut : {2U, 34U, 160U, 162U, 1000U}) {
    CAPTURE(cut);
    HalfBandUpsampler up;
    HalfBandDownsampler down;
    Samples doubled(in.size() * 2);
    Samples halved(in.size() / 2);
    for (std::size_t at = 0; at < in.size(); at += cut) {
      const auto piece = std::span(in).subspan(at, std::min(cut, in.size() - at));
      up.process(piece, doubled.data() + 2 * at);
      down.process(piece, halved.data() + at / 2);
    }
    CHECK(doubled == upsample(in));
    CHECK(halved == downsample(in));
  }
}

TEST_CASE("up delays by 23 samples of 16 kHz, up and down together by 45") {
  Samples impulse(100);
  impulse[40] = 10000;
  const Samples up = upsample(impulse);
  CHECK(up[2 * 40 + 23] == 10000);
  // 45 samples of 16 kHz are 22.5 of 8 kHz: the impulse comes out centred between two samples.
  const Samples out = downsample(up);
  const auto peak = std::max_element(out.begin(), out.end());
  CHECK(peak - out.begin() == 40 + 22);
  CHECK(std::abs(peak[0] - peak[1]) <= 1);
}

TEST_CASE("full-scale square waves saturate instead of wrapping round") {
  Samples square(1600);
  for (std::size_t i = 0; i < square.size(); ++i) square[i] = (i / 20) % 2 == 0 ? 32767 : -32768;
  const Samples up = upsample(square);
  CHECK(*std::max_element(up.begin(), up.end()) == 32767);
  CHECK(*std::min_element(up.begin(), up.end()) == -32768);
  for (std::size_t i = 0; i < square.size(); ++i) {
    // Well inside a half-wave the sign must be the input's: a wrap would flip it.
    if (i % 20 != 10 || i + 20 > square.size()) continue;
    CHECK((up[2 * i + 22] > 0) == (square[i] > 0));
  }
}

TEST_CASE("silence stays silence") {
  CHECK(upsample(Samples(320)) == Samples(640));
  CHECK(downsample(Samples(320)) == Samples(160));
}

}  // namespace
}  // namespace offhook
