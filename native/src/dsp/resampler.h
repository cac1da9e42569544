#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace offhook {

/// Converts a stream from one rate to another by any rational factor, e.g. 22,050 Hz of a synthesised voice to 16,000 Hz.
///
/// A polyphase FIR, Kaiser-windowed, 70 dB: flat to 84 % of the lower rate's Nyquist frequency, stopped just above that frequency.
/// Delays by 24 samples of the lower rate. Allocates and locks, so not for the media thread. A stream's object belongs to one
/// thread.
class Resampler {
 public:
  /// Rates from 1,000 Hz up; the constructor treats lower ones as 1,000.
  Resampler(int from_hz, int to_hz);

  /// Appends to `out` what `in` makes possible: over a whole stream, one sample for every sampling instant that the input covers.
  void process(std::span<const std::int16_t> in, std::vector<std::int16_t>& out);

  /// The filter of one pair of rates, shared by all streams that need it.
  struct Filter {
    std::size_t up{1};              ///< output samples per `down` input samples
    std::size_t down{1};
    std::size_t taps{1};            ///< per phase; a multiple of eight
    std::vector<float> coefficients;  ///< `up` phases, oldest sample's tap first
  };

 private:
  std::shared_ptr<const Filter> filter_;
  /// The last taps - 1 samples, then what came in and is not used up.
  std::vector<float> window_;
  std::size_t phase_{0};  ///< of the next output sample, 0 to up - 1
  std::size_t next_{0};   ///< where in `window_` the next output sample's oldest tap lies
};

}  // namespace offhook
