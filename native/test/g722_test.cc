#include "dsp/g722.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "test/support/signal.h"

namespace offhook {
namespace {

using Samples = std::vector<std::int16_t>;
using Codes = std::vector<std::uint8_t>;
constexpr int kRateHz = 16'000;

Codes encode(const Samples& signal) {
  Codes codes(signal.size() / 2);
  G722Encoder{}.encode(signal, codes.data());
  return codes;
}

Samples decode(const Codes& codes) {
  Samples out(2 * codes.size());
  G722Decoder{}.decode(codes, out.data());
  return out;
}

/// FNV-1a over the bytes, the lower one of a sample first.
std::uint32_t fingerprint(const Codes& bytes) {
  std::uint32_t hash = 2'166'136'261U;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 16'777'619U;
  return hash;
}

std::uint32_t fingerprint(const Samples& samples) {
  Codes bytes;
  for (const std::int16_t sample : samples) {
    bytes.push_back(static_cast<std::uint8_t>(sample & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>((sample >> 8) & 0xFF));
  }
  return fingerprint(bytes);
}

/// Noise whose level runs from nothing to beyond full scale, by integers alone, so that it is the same everywhere.
Samples wild_signal() {
  Samples out(32'000);
  std::uint32_t state = 12'345;
  for (std::size_t i = 0; i < out.size(); ++i) {
    state = state * 1'664'525U + 1'013'904'223U;
    const int noise = static_cast<int>(state >> 16U) - 32'768;
    const int level = static_cast<int>((i / 40) % 400);
    const int square = (i / 37) % 2 == 0 ? 9'000 : -9'000;
    out[i] = static_cast<std::int16_t>(std::clamp((noise + square) * level / 300, -32'768, 32'767));
  }
  return out;
}

TEST_CASE("codes and samples are bit for bit those of another implementation") {
  // Of ffmpeg 5.1's g722 encoder and decoder, fed with the same signal.
  const Codes codes = encode(wild_signal());
  CHECK(fingerprint(codes) == 1721083864U);
  CHECK(fingerprint(decode(codes)) == 1875963604U);
}

TEST_CASE("a tone of either band comes out at its level") {
  for (const int hz : {440, 2'000, 5'000, 6'500}) {
    CAPTURE(hz);
    const Samples heard = decode(encode(test::sine(hz, kRateHz, 8'000, 32'000)));
    const auto last_second = std::span(heard).last(16'000);
    CHECK(test::amplitude_at(last_second, hz, kRateHz) == doctest::Approx(8'000).epsilon(0.1));
    CHECK(test::rms(last_second) == doctest::Approx(8'000 / std::sqrt(2.0)).epsilon(0.1));
  }
}

TEST_CASE("a decoder that begins in the middle of a stream soon hears what one from the beginning hears") {
  const Samples signal = test::sine(700, kRateHz, 6'000, 48'000);
  const Codes codes = encode(signal);
  const Samples whole = decode(codes);
  const Samples late = decode(Codes(codes.begin() + 8'000, codes.end()));
  Samples difference(8'000);
  for (std::size_t i = 0; i < difference.size(); ++i) {
    difference[i] = static_cast<std::int16_t>(whole[40'000 + i] - late[24'000 + i]);
  }
  CHECK(test::rms(difference) < 60);
}

TEST_CASE("any bytes decode to something") {
  Codes noise(16'000);
  std::uint32_t state = 99;
  for (auto& byte : noise) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  CHECK(test::rms(decode(noise)) > 0);
  CHECK(decode(Codes(4'000, 0xFF)).size() == 8'000);
}

}  // namespace
}  // namespace offhook
