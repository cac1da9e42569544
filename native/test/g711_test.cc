#include "dsp/g711.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>

namespace offhook {
namespace {

std::int16_t decode_u(std::uint8_t code) {
  std::int16_t out = 0;
  ulaw_decode({&code, 1}, &out);
  return out;
}
std::int16_t decode_a(std::uint8_t code) {
  std::int16_t out = 0;
  alaw_decode({&code, 1}, &out);
  return out;
}
std::uint8_t encode_u(int sample) {
  const auto in = static_cast<std::int16_t>(sample);
  std::uint8_t out = 0;
  ulaw_encode({&in, 1}, &out);
  return out;
}
std::uint8_t encode_a(int sample) {
  const auto in = static_cast<std::int16_t>(sample);
  std::uint8_t out = 0;
  alaw_encode({&in, 1}, &out);
  return out;
}

TEST_CASE("mu-law decodes to the values of G.711 table 2 (times four)") {
  struct Row { std::uint8_t code; int value; };
  // Decoder outputs at the segment ends of table 2a: 8031, 4191, 4063, 2015, 991, 479, 223, 95, 31, 2, 0.
  const Row rows[] = {{0x80, 8031 * 4}, {0x8F, 4191 * 4}, {0x90, 3999 * 4}, {0x9F, 2079 * 4}, {0xAF, 1023 * 4},
                      {0xBF, 495 * 4},  {0xCF, 231 * 4},  {0xDF, 99 * 4},   {0xEF, 33 * 4},   {0xFE, 2 * 4},
                      {0xFF, 0},        {0x7F, 0},        {0x7E, -2 * 4},   {0x00, -8031 * 4}};
  for (const auto& row : rows) {
    CAPTURE(row.code);
    CHECK(decode_u(row.code) == row.value);
  }
}

TEST_CASE("A-law decodes to the values of G.711 table 1 (times eight)") {
  struct Row { std::uint8_t code; int value; };
  // Decoder outputs of table 1a in units of 1/4096: 4032, 2112, 1056, 528, 264, 132, 66, 1.
  const Row rows[] = {{0xD5, 8},           {0x55, -8},          {0xAA, 4032 * 8}, {0x2A, -4032 * 8}, {0xA5, 2112 * 8},
                      {0xB5, 1056 * 8},    {0x85, 528 * 8},     {0x95, 264 * 8},  {0xE5, 132 * 8},   {0xF5, 66 * 8}};
  for (const auto& row : rows) {
    CAPTURE(row.code);
    CHECK(decode_a(row.code) == row.value);
  }
}

TEST_CASE("every code survives decoding and encoding, but mu-law's negative zero, which becomes the positive one") {
  for (unsigned code = 0; code < 256; ++code) {
    CAPTURE(code);
    CHECK(encode_u(decode_u(static_cast<std::uint8_t>(code))) == (code == 0x7F ? 0xFFU : code));
    CHECK(encode_a(decode_a(static_cast<std::uint8_t>(code))) == code);
  }
}

TEST_CASE("every sample comes back as the nearest level, within half a step of its segment") {
  for (int sample = -32768; sample <= 32767; ++sample) {
    const int magnitude = std::abs(sample);
    if (magnitude <= 32635) {
      int half_step = 4;
      while (magnitude >= 32 * half_step - 132) half_step *= 2;
      REQUIRE(std::abs(decode_u(encode_u(sample)) - sample) <= half_step + 3);
    }
    int half_step = 8;
    while (magnitude >= 64 * half_step) half_step *= 2;
    REQUIRE(std::abs(decode_a(encode_a(sample)) - sample) <= half_step);
  }
  CHECK(decode_u(encode_u(32767)) == 32124);
  CHECK(decode_u(encode_u(-32768)) == -32124);
  CHECK(decode_a(encode_a(32767)) == 32256);
  CHECK(decode_a(encode_a(-32768)) == -32256);
}

TEST_CASE("the silence codes are what linear zero encodes to") {
  CHECK(encode_u(0) == kUlawSilence);
  CHECK(encode_a(0) == kAlawSilence);
}

TEST_CASE("a frame is coded sample by sample and an empty one writes nothing") {
  const std::array<std::int16_t, 3> in{0, 32767, -32768};
  std::array<std::uint8_t, 4> out{1, 1, 1, 1};
  ulaw_encode(in, out.data());
  CHECK(out == std::array<std::uint8_t, 4>{0xFF, 0x80, 0x00, 1});
  alaw_encode({}, out.data());
  CHECK(out[0] == 0xFF);
}

}  // namespace
}  // namespace offhook
