#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// ITU-T G.711, by tables: the quantiser of G.711 tables 1a to 2b with the scaling of the G.191 reference (16-bit linear).
namespace offhook {

namespace g711_detail {

/// Mu-law magnitudes carry a bias of 33 (in 14-bit units), which makes each segment start at a power of two.
constexpr int kUlawBias = 33;

constexpr std::int16_t expand_ulaw(unsigned code) noexcept {
  const unsigned bits = ~code & 0xFFU;  // all bits travel inverted
  const int exponent = static_cast<int>((bits >> 4U) & 7U);
  const int mantissa = static_cast<int>(bits & 15U);
  const int magnitude = (((mantissa << 1) + kUlawBias) << exponent) - kUlawBias;
  return static_cast<std::int16_t>((bits & 0x80U) != 0 ? -magnitude * 4 : magnitude * 4);
}

constexpr std::int16_t expand_alaw(unsigned code) noexcept {
  const unsigned bits = code ^ 0x55U;  // even bits travel inverted
  const int exponent = static_cast<int>((bits >> 4U) & 7U);
  int magnitude = static_cast<int>((bits & 15U) << 4U) + 8;  // middle of the step
  if (exponent > 0) magnitude = (magnitude + 256) << (exponent - 1);
  return static_cast<std::int16_t>((bits & 0x80U) != 0 ? magnitude : -magnitude);
}

/// `linear` is a 14-bit sample. Negative ones are mirrored by one's complement, as in G.191, so that both halves are alike.
constexpr std::uint8_t compress_ulaw(int linear) noexcept {
  int magnitude = (linear < 0 ? ~linear : linear) + kUlawBias;
  if (magnitude > 0x1FFF) magnitude = 0x1FFF;
  unsigned exponent = 0;
  while ((magnitude >> (exponent + 6U)) != 0) ++exponent;
  const unsigned mantissa = (static_cast<unsigned>(magnitude) >> (exponent + 1U)) & 15U;
  const unsigned sign = linear < 0 ? 0x80U : 0U;
  return static_cast<std::uint8_t>(~(sign | (exponent << 4U) | mantissa) & 0xFFU);
}

/// `linear` is the upper 12 bits of a 16-bit sample: A-law's smallest step is 16.
constexpr std::uint8_t compress_alaw(int linear) noexcept {
  unsigned magnitude = static_cast<unsigned>(linear < 0 ? ~linear : linear);
  unsigned exponent = 0;
  if (magnitude > 15U) {
    exponent = 1;
    while (magnitude > 31U) {
      magnitude >>= 1U;
      ++exponent;
    }
    magnitude -= 16U;
  }
  const unsigned sign = linear < 0 ? 0U : 0x80U;
  return static_cast<std::uint8_t>((sign | (exponent << 4U) | magnitude) ^ 0x55U);
}

template <std::size_t Size, typename Value, typename Make>
constexpr std::array<Value, Size> make_table(Make make) noexcept {
  std::array<Value, Size> table{};
  for (std::size_t i = 0; i < Size; ++i) table[i] = make(static_cast<unsigned>(i));
  return table;
}

/// Reads an unsigned table index of `Bits` bits as two's complement.
template <int Bits>
constexpr int signed_index(unsigned index) noexcept {
  const int value = static_cast<int>(index);
  return value < (1 << (Bits - 1)) ? value : value - (1 << Bits);
}

inline constexpr auto kUlawToLinear = make_table<256, std::int16_t>([](unsigned i) { return expand_ulaw(i); });
inline constexpr auto kAlawToLinear = make_table<256, std::int16_t>([](unsigned i) { return expand_alaw(i); });
inline constexpr auto kLinearToUlaw =
    make_table<1U << 14U, std::uint8_t>([](unsigned i) { return compress_ulaw(signed_index<14>(i)); });
inline constexpr auto kLinearToAlaw =
    make_table<1U << 12U, std::uint8_t>([](unsigned i) { return compress_alaw(signed_index<12>(i)); });

}  // namespace g711_detail

/// What an idle channel sends: the code of linear zero.
inline constexpr std::uint8_t kUlawSilence = 0xFF;
inline constexpr std::uint8_t kAlawSilence = 0xD5;

/// `out` takes as many samples as `in` has bytes; likewise for the three below.
inline void ulaw_decode(std::span<const std::uint8_t> in, std::int16_t* out) noexcept {
  for (const std::uint8_t code : in) *out++ = g711_detail::kUlawToLinear[code];
}

inline void alaw_decode(std::span<const std::uint8_t> in, std::int16_t* out) noexcept {
  for (const std::uint8_t code : in) *out++ = g711_detail::kAlawToLinear[code];
}

inline void ulaw_encode(std::span<const std::int16_t> in, std::uint8_t* out) noexcept {
  for (const std::int16_t sample : in) *out++ = g711_detail::kLinearToUlaw[static_cast<std::uint16_t>(sample) >> 2U];
}

inline void alaw_encode(std::span<const std::int16_t> in, std::uint8_t* out) noexcept {
  for (const std::int16_t sample : in) *out++ = g711_detail::kLinearToAlaw[static_cast<std::uint16_t>(sample) >> 4U];
}

}  // namespace offhook
