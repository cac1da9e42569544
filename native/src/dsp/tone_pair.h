#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "dsp/tone.h"

namespace offhook {

/// Two sines at once.
class TonePair {
 public:
  /// Nothing is heard of one whose peak is 0. The peaks together must stay within a sample.
  struct Part {
    double hz{0};
    std::int16_t peak{0};
  };

  TonePair(int rate_hz, Part one, Part other) noexcept
      : one_(one.hz, rate_hz, one.peak), other_(other.hz, rate_hz, other.peak), two_(other.peak != 0) {}

  void next(std::span<std::int16_t> out) noexcept {
    one_.next(out);
    if (!two_) return;
    std::array<std::int16_t, kBlock> block;
    while (!out.empty()) {
      const auto part = std::span(block).first(std::min(out.size(), kBlock));
      other_.next(part);
      for (std::size_t i = 0; i < part.size(); ++i) out[i] = static_cast<std::int16_t>(out[i] + part[i]);
      out = out.subspan(part.size());
    }
  }

 private:
  static constexpr std::size_t kBlock = 320;

  Tone one_;
  Tone other_;
  bool two_;
};

}  // namespace offhook
