#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// ITU-T G.722 at 64 kbit/s (mode 1): 16 kHz speech as two bands of 8 kHz, the lower coded in 6 bits a sample, the upper in 2.
/// One byte per two samples. Bit-exact with the Recommendation. The RTP clock is 8 kHz all the same (RFC 3551 section 4.5.2).
namespace offhook {

namespace g722_detail {

/// One band's adaptive quantiser and predictor (BLOCK3 and BLOCK4 of the Recommendation): two poles and six zeros.
class Band {
 public:
  explicit Band(int first_step) noexcept : step_(first_step) {}

  [[nodiscard]] int prediction() const noexcept { return prediction_; }
  /// The quantiser's present step.
  [[nodiscard]] int step() const noexcept { return step_; }
  /// Takes the quantised difference of one sample, and moves the step by `log_change` within `log_limit`; `shift` is the band's.
  void adapt(int difference, int log_change, int log_limit, int shift) noexcept;

 private:
  void predict(int difference) noexcept;

  static constexpr std::size_t kZeros = 6;
  int step_;
  int log_step_{0};
  int prediction_{0};
  int zero_prediction_{0};
  std::array<int, 2> poles_{};
  std::array<int, 2> reconstructed_{};  ///< newest first; likewise below
  std::array<int, 2> partial_{};
  std::array<int, kZeros> zeros_{};
  std::array<int, kZeros> differences_{};
};

/// The last 24 samples of the two-band filter.
using Window = std::array<int, 24>;

}  // namespace g722_detail

class G722Encoder {
 public:
  /// Takes an even number of samples (an odd last one is left out); `out` takes half as many bytes.
  void encode(std::span<const std::int16_t> samples, std::uint8_t* out) noexcept;

 private:
  g722_detail::Window window_{};
  g722_detail::Band lower_{32};
  g722_detail::Band upper_{8};
};

class G722Decoder {
 public:
  /// `out` takes twice as many samples as there are codes.
  void decode(std::span<const std::uint8_t> codes, std::int16_t* out) noexcept;

 private:
  g722_detail::Window window_{};
  g722_detail::Band lower_{32};
  g722_detail::Band upper_{8};
};

}  // namespace offhook
