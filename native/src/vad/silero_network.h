#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

namespace offhook {

/// The tensors of Silero v5 and v6 for 16 kHz, as their ONNX file has them: outermost dimension first.
struct SileroWeights {
  struct Layer {
    std::span<const float> weight;
    std::span<const float> bias;
  };
  std::span<const float> transform;  ///< [258, 256]: the real, then the imaginary part of a short-time Fourier transform
  std::array<Layer, 4> encoder;      ///< [128, 129, 3], [64, 128, 3], [64, 64, 3], [128, 64, 3]
  Layer input_gates;                 ///< [512, 128] of an LSTM, gates in the order input, forget, cell, output
  Layer state_gates;                 ///< [512, 128]
  Layer output;                      ///< [1, 128], and one number
};

/// The voice activity network for many calls at a time: windows lie side by side in a vector, and each weight is read once for all of
/// them. Not thread-safe; nothing is allocated after construction.
class SileroNetwork {
 public:
  static constexpr std::size_t kInputSamples = 576;  ///< 64 of the window before, 512 of this one
  static constexpr std::size_t kStateSize = 128;

  /// Null when a tensor has not the size it should have, when the transform is no Fourier transform under a Hann window, or where the processor has no AVX2 and FMA: elsewhere it would be slow.
  static std::unique_ptr<SileroNetwork> create(const SileroWeights& weights);
  virtual ~SileroNetwork() = default;

  /// `inputs` is [batch, kInputSamples] within -1 … 1, `states` [2, batch, kStateSize] (hidden, cell), which is read and written;
  /// `probabilities` gets one number a row, and says how many there are.
  virtual void run(std::span<const float> inputs, std::span<float> states, std::span<float> probabilities) noexcept = 0;
};

}  // namespace offhook
