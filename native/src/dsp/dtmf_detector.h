#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "dsp/half_band.h"

namespace offhook {

/// Finds key presses in 16 kHz audio (ITU-T Q.23, Q.24), where none come as telephone events.
///
/// Windows of 20 ms, one every 10 ms. In one that holds a key, two sines are fitted at whatever frequencies near the key's explain
/// most of it: how far those are off, how different in level, and how much else is in the window then decides. That is what speech
/// fails, which hits the frequencies of a key all the time but never with so little beside them. Two windows in a row make a
/// press, so that 40 ms suffice wherever they lie; four without it end one, so that a dent of 10 ms does not. Cost: nothing
/// beyond eight Goertzel filters as long as nobody presses. No allocation.
class DtmfDetector {
 public:
  struct Press {
    char digit{0};
    double duration_ms{0};  ///< within about 10 ms
  };

  /// Any number of samples, even and in order. `on_press` is called for each press that has ended.
  template <class OnPress>
  void process(std::span<const std::int16_t> samples, OnPress&& on_press) noexcept {
    while (!samples.empty()) {
      const std::size_t count = std::min(samples.size(), 2 * (kWindow - filled_));
      down_.process(samples.first(count), window_.data() + filled_);
      filled_ += count / 2;
      samples = samples.subspan(count);
      if (filled_ < kWindow) return;
      if (const auto press = step(look())) on_press(*press);
      std::copy(window_.begin() + kHop, window_.end(), window_.begin());
      filled_ -= kHop;
    }
  }

  /// No audio comes any more: the press that was under way, if any.
  std::optional<Press> finish() noexcept;

 private:
  static constexpr double kRateHz = 8'000;
  static constexpr std::size_t kWindow = 160;
  static constexpr std::size_t kHop = 80;
  static constexpr double kHopMs = 10;

  /// A sine in the window.
  struct Sine {
    double hz{0};
    double cos{0};
    double sin{0};
    [[nodiscard]] double power() const noexcept { return (cos * cos + sin * sin) / 2; }
  };
  /// What a window holds; `digit` 0: no key.
  struct Sight {
    char digit{0};
    double low_hz{0};
    double high_hz{0};
  };

  using Window = std::array<float, kWindow>;
  [[nodiscard]] Sight look() const noexcept;
  static void refine(Sine& sine, const Window& window, const Sine& beside) noexcept;
  [[nodiscard]] std::optional<Press> step(const Sight& sight) noexcept;
  [[nodiscard]] bool goes_on(const Sight& sight) const noexcept;

  HalfBandDownsampler down_;
  std::array<std::int16_t, kWindow> window_{};
  std::size_t filled_{kHop};

  Sight last_;
  int hits_{0};
  int misses_{0};
  int windows_{0};  ///< since the first hit, those of dents too
};

}  // namespace offhook
