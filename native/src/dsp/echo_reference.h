#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dsp/real_fft.h"

namespace offhook {

inline constexpr std::size_t kEchoBlock = RealFft::kSize / 2;  ///< 16 ms at 16 kHz
/// The bins the search for the delay looks at: every second one from 310 to 3000 Hz, where telephones carry speech.
inline constexpr std::size_t kSearchBins = 44;
inline constexpr std::size_t kFirstSearchBin = 10;
inline constexpr std::size_t kSearchStep = 2;

/// Some bins of a spectrum with square roots for lengths, so that the loudest sounds do not settle everything.
struct Outline {
  std::array<float, kSearchBins> re{};
  std::array<float, kSearchBins> im{};
  std::array<float, kSearchBins> power{};  ///< re squared and im squared
};

void outline_of(const Spectrum& spectrum, Outline& outline) noexcept;

/// What was sent, as spectra of its last second. Blocks are numbered from the first on.
class EchoReference {
 public:
  static constexpr std::int64_t kBlocks = 64;

  struct Block {
    Spectrum spectrum;  ///< of this block and the one before it
    Outline outline;
    float power{0};  ///< mean square of this block, full scale being 1
  };

  void write(std::span<const std::int16_t> samples) noexcept;

  /// Blocks complete so far.
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  /// Null for one that is silent, not complete yet, or too old.
  [[nodiscard]] const Block* sounding(std::int64_t number) const noexcept {
    if (number < 0 || number >= count_ || number < count_ - kBlocks) return nullptr;
    return (sounding_ & bit_of(number)) == 0 ? nullptr : &blocks_[static_cast<std::size_t>(number % kBlocks)];
  }
  /// Some block from `first` on sounds.
  [[nodiscard]] bool sounds_since(std::int64_t first) const noexcept { return last_sounding_ >= first; }

 private:
  static std::uint64_t bit_of(std::int64_t number) noexcept { return std::uint64_t{1} << static_cast<std::uint64_t>(number % kBlocks); }
  void take(std::span<const std::int16_t> piece) noexcept;
  void complete() noexcept;

  std::size_t filled_{0};
  bool silent_{true};  ///< nothing but zeros in the present block so far, which are not written down
  bool previous_silent_{true};
  std::int64_t count_{0};
  /// Bit i: `blocks_[i]` or the one before it is not silent. Of others nothing is written down.
  std::uint64_t sounding_{0};
  std::int64_t last_sounding_{-1'000'000};
  RealFft::Samples samples_{};  ///< the block before and the present one
  std::array<Block, kBlocks> blocks_{};
};

}  // namespace offhook
