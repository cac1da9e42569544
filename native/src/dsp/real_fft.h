#pragma once

#include <array>
#include <cstddef>

namespace offhook {

/// The transform of 512 real samples, in halves that vectors can be made of. Bin `k` is at `k * rate / 512`; nothing is scaled, so
/// that a full-scale sine has 256 in its bin.
struct Spectrum {
  static constexpr std::size_t kBins = 257;
  alignas(32) std::array<float, kBins + 3> re{};
  alignas(32) std::array<float, kBins + 3> im{};
};

/// Fourier transform of 512 real samples, by one of 256 complex ones (radix 4, self-sorting). No state, no allocation.
class RealFft {
 public:
  static constexpr std::size_t kSize = 512;
  using Samples = std::array<float, kSize>;

  static void forward(const Samples& samples, Spectrum& spectrum) noexcept;
  /// Undoes `forward`, scale and all. The imaginary parts of the first and the last bin do not count.
  static void inverse(const Spectrum& spectrum, Samples& samples) noexcept;
};

}  // namespace offhook
