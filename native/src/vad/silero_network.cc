#include "vad/silero_network.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)

// From here on, and never run where the processor lacks it. What is included above stays as it is elsewhere.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

namespace offhook {

namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kRowsAtOnce = 6;
constexpr std::size_t kHop = 128;
constexpr std::size_t kWindow = 256;
constexpr std::size_t kPadded = SileroNetwork::kInputSamples + 64;  ///< mirrored at the end
constexpr std::size_t kFrames = (kPadded - kWindow) / kHop + 1;
constexpr std::size_t kBins = 129;
constexpr std::size_t kGates = 4 * SileroNetwork::kStateSize;

/// Half of the sixteen windows: as much as a register holds.
typedef float Half __attribute__((vector_size(32)));
typedef std::int32_t HalfBits __attribute__((vector_size(32)));

/// One number of each of sixteen windows.
struct alignas(64) Lanes {
  Half low;
  Half high;
};

constexpr std::size_t padded(std::size_t rows) { return (rows + kRowsAtOnce - 1) / kRowsAtOnce * kRowsAtOnce; }

/// A layer's weights in the order in which they are used: of the first six rows the first column, the second, and so on.
class Matrix {
 public:
  /// `weight_at(row, column)`.
  template <typename WeightAt>
  Matrix(std::size_t rows, std::size_t columns, std::span<const float> bias, WeightAt weight_at)
      : rows_(padded(rows)), columns_(columns), weights_(rows_ * columns), bias_(rows_) {
    std::copy(bias.begin(), bias.end(), bias_.begin());
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        weights_[(row / kRowsAtOnce * columns + column) * kRowsAtOnce + row % kRowsAtOnce] = weight_at(row, column);
      }
    }
  }

  /// `out` gets `padded(rows)`. Of the columns only [first, last) count, the first of which is multiplied by `in[0]`.
  void multiply(const Lanes* in, std::size_t first, std::size_t last, Lanes* out) const noexcept {
    for (std::size_t row = 0; row < rows_; row += kRowsAtOnce) {
      const float* weight = weights_.data() + (row * columns_ + first * kRowsAtOnce);
      Half low[kRowsAtOnce];
      Half high[kRowsAtOnce];
      for (std::size_t i = 0; i < kRowsAtOnce; ++i) low[i] = high[i] = Half{} + bias_[row + i];
      for (std::size_t column = first; column < last; ++column, weight += kRowsAtOnce) {
        const Lanes& x = in[column - first];
#pragma GCC unroll 6
        for (std::size_t i = 0; i < kRowsAtOnce; ++i) {
          low[i] += weight[i] * x.low;
          high[i] += weight[i] * x.high;
        }
      }
      for (std::size_t i = 0; i < kRowsAtOnce; ++i) out[row + i] = {low[i], high[i]};
    }
  }

 private:
  std::size_t rows_;
  std::size_t columns_;
  std::vector<float> weights_;
  std::vector<float> bias_;
};

/// A convolution over frames by three taps, the middle one being the present frame, as one product: frames lie one behind the other.
Matrix convolution(const SileroWeights::Layer& layer, std::size_t rows, std::size_t channels) {
  return {rows, 3 * channels, layer.bias, [&](std::size_t row, std::size_t column) {
            return layer.weight[(row * channels + column % channels) * 3 + column / channels];
          }};
}

/// e^x within 2e-7 of itself.
Half exponential(Half x) noexcept {
  const Half limit = Half{} + 87.0F;
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  constexpr float kRounder = 12'582'912.0F;  // 1.5 * 2^23: what is added to it is rounded to a whole number
  const Half shifted = x * 1.44269504F + kRounder;
  const Half power = shifted - kRounder;
  const Half rest = x - power * 0.693145752F - power * 1.42860677e-6F;
  Half sum = Half{} + 1.0F / 720;
  sum = sum * rest + 1.0F / 120;
  sum = sum * rest + 1.0F / 24;
  sum = sum * rest + 1.0F / 6;
  sum = sum * rest + 0.5F;
  sum = sum * rest + 1.0F;
  sum = sum * rest + 1.0F;
  const HalfBits exponent = (__builtin_convertvector(power, HalfBits) + 127) << 23;
  Half scale;
  __builtin_memcpy(&scale, &exponent, sizeof scale);
  return sum * scale;
}

Half sigmoid(Half x) noexcept { return 1.0F / (1.0F + exponential(-x)); }
Half hyperbolic_tangent(Half x) noexcept { return 2.0F * sigmoid(2.0F * x) - 1.0F; }
Half positive(Half x) noexcept { return x > 0.0F ? x : Half{}; }

void rectify(Lanes* values, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) values[i] = {positive(values[i].low), positive(values[i].high)};
}

bool has(std::span<const float> tensor, std::size_t numbers) { return tensor.size() == numbers; }

bool fits(const SileroWeights& weights) {
  const auto layer = [](const SileroWeights::Layer& tensor, std::size_t rows, std::size_t columns) {
    return has(tensor.weight, rows * columns) && has(tensor.bias, rows);
  };
  return has(weights.transform, 2 * kBins * kWindow) && layer(weights.encoder[0], 128, kBins * 3) &&
         layer(weights.encoder[1], 64, 128 * 3) && layer(weights.encoder[2], 64, 64 * 3) && layer(weights.encoder[3], 128, 64 * 3) &&
         layer(weights.input_gates, kGates, 128) && layer(weights.state_gates, kGates, 128) && layer(weights.output, 1, 128);
}

}  // namespace

struct SileroNetwork::Parts {
  explicit Parts(const SileroWeights& weights)
      : transform(2 * kBins, kWindow, {}, [&](std::size_t row, std::size_t column) { return weights.transform[row * kWindow + column]; }),
        first(convolution(weights.encoder[0], 128, kBins)),
        second(convolution(weights.encoder[1], 64, 128)),
        third(convolution(weights.encoder[2], 64, 64)),
        fourth(convolution(weights.encoder[3], 128, 64)),
        gates(kGates, 2 * kStateSize, weights.input_gates.bias, [&](std::size_t row, std::size_t column) {
          return column < kStateSize ? weights.input_gates.weight[row * kStateSize + column]
                                     : weights.state_gates.weight[row * kStateSize + column - kStateSize];
        }),
        state_bias(weights.state_gates.bias.begin(), weights.state_gates.bias.end()),
        output(weights.output.weight.begin(), weights.output.weight.end()),
        output_bias(weights.output.bias[0]) {}

  void judge(std::size_t count, float* probabilities) noexcept;
  void spectra() noexcept;
  void encode() noexcept;

  Matrix transform;
  Matrix first;
  Matrix second;
  Matrix third;
  Matrix fourth;
  Matrix gates;
  std::vector<float> state_bias;
  std::vector<float> output;
  float output_bias;

  // What sixteen windows are on their way through. The frames of a layer lie one behind the other; the last leaves room for the rows
  // that fill up its product.
  std::array<Lanes, kPadded> samples;
  std::array<Lanes, padded(2 * kBins)> spectrum;
  std::array<Lanes, kFrames * kBins> magnitudes;
  std::array<Lanes, 4 * 128 + kRowsAtOnce> after_first;
  std::array<Lanes, 2 * 64 + kRowsAtOnce> after_second;
  std::array<Lanes, padded(64)> after_third;
  std::array<Lanes, 2 * kStateSize + kRowsAtOnce> gate_inputs;  ///< what the encoder says, then the hidden state
  std::array<Lanes, kStateSize> cell;
  std::array<Lanes, padded(kGates)> gate_sums;
};

void SileroNetwork::Parts::spectra() noexcept {
  // Behind its last sample the window is mirrored.
  for (std::size_t i = 0; i < kPadded - kInputSamples; ++i) samples[kInputSamples + i] = samples[kInputSamples - 2 - i];
  for (std::size_t frame = 0; frame < kFrames; ++frame) {
    transform.multiply(samples.data() + frame * kHop, 0, kWindow, spectrum.data());
    Lanes* out = magnitudes.data() + frame * kBins;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      const Lanes& re = spectrum[bin];
      const Lanes& im = spectrum[kBins + bin];
      out[bin] = {__builtin_ia32_sqrtps256(re.low * re.low + im.low * im.low),
                  __builtin_ia32_sqrtps256(re.high * re.high + im.high * im.high)};
    }
  }
}

void SileroNetwork::Parts::encode() noexcept {
  // Taps before the first frame and behind the last meet nothing, and are left out.
  first.multiply(magnitudes.data(), kBins, 3 * kBins, after_first.data());
  first.multiply(magnitudes.data(), 0, 3 * kBins, after_first.data() + 128);
  first.multiply(magnitudes.data() + kBins, 0, 3 * kBins, after_first.data() + 256);
  first.multiply(magnitudes.data() + 2 * kBins, 0, 2 * kBins, after_first.data() + 384);
  rectify(after_first.data(), 512);
  second.multiply(after_first.data(), 128, 384, after_second.data());
  second.multiply(after_first.data() + 128, 0, 384, after_second.data() + 64);
  rectify(after_second.data(), 128);
  third.multiply(after_second.data(), 64, 192, after_third.data());
  rectify(after_third.data(), 64);
  // The hidden state lies behind, where the rows that fill up would go.
  std::array<Lanes, padded(128)> encoded;
  fourth.multiply(after_third.data(), 64, 128, encoded.data());
  rectify(encoded.data(), 128);
  std::copy_n(encoded.begin(), 128, gate_inputs.begin());
}

void SileroNetwork::Parts::judge(std::size_t count, float* probabilities) noexcept {
  spectra();
  encode();
  gates.multiply(gate_inputs.data(), 0, 2 * kStateSize, gate_sums.data());
  Lanes sum{Half{} + output_bias, Half{} + output_bias};
  for (std::size_t i = 0; i < kStateSize; ++i) {
    const auto unit = [&](Half Lanes::*half) {
      const auto gate = [&](std::size_t which) { return gate_sums[which * kStateSize + i].*half + state_bias[which * kStateSize + i]; };
      Half& memory = cell[i].*half;
      memory = sigmoid(gate(1)) * memory + sigmoid(gate(0)) * hyperbolic_tangent(gate(2));
      Half& hidden = gate_inputs[kStateSize + i].*half;
      hidden = sigmoid(gate(3)) * hyperbolic_tangent(memory);
      sum.*half += output[i] * positive(hidden);
    };
    unit(&Lanes::low);
    unit(&Lanes::high);
  }
  const Lanes judged{sigmoid(sum.low), sigmoid(sum.high)};
  for (std::size_t lane = 0; lane < count; ++lane) {
    probabilities[lane] = lane < kLanes / 2 ? judged.low[lane] : judged.high[lane - kLanes / 2];
  }
}

SileroNetwork::SileroNetwork(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SileroNetwork::~SileroNetwork() = default;

std::unique_ptr<SileroNetwork> SileroNetwork::create(const SileroWeights& weights) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !fits(weights)) return nullptr;
  return std::unique_ptr<SileroNetwork>(new SileroNetwork(std::make_unique<Parts>(weights)));
}

void SileroNetwork::run(std::span<const float> inputs, std::span<float> states, std::span<float> probabilities) noexcept {
  const std::size_t batch = probabilities.size();
  // Rows become lanes and back: lane l of element i is element i of row l.
  const auto set = [](Lanes& lanes, std::size_t lane, float value) {
    if (lane < kLanes / 2) lanes.low[lane] = value;
    else lanes.high[lane - kLanes / 2] = value;
  };
  for (std::size_t row = 0; row < batch; row += kLanes) {
    const std::size_t count = std::min(kLanes, batch - row);
    for (std::size_t lane = 0; lane < count; ++lane) {
      const float* input = inputs.data() + (row + lane) * kInputSamples;
      for (std::size_t i = 0; i < kInputSamples; ++i) set(parts_->samples[i], lane, input[i]);
      const float* hidden = states.data() + (row + lane) * kStateSize;
      const float* cell = hidden + batch * kStateSize;
      for (std::size_t i = 0; i < kStateSize; ++i) {
        set(parts_->gate_inputs[kStateSize + i], lane, hidden[i]);
        set(parts_->cell[i], lane, cell[i]);
      }
    }
    parts_->judge(count, probabilities.data() + row);
    for (std::size_t lane = 0; lane < count; ++lane) {
      float* hidden = states.data() + (row + lane) * kStateSize;
      float* cell = hidden + batch * kStateSize;
      const auto get = [lane](const Lanes& lanes) { return lane < kLanes / 2 ? lanes.low[lane] : lanes.high[lane - kLanes / 2]; };
      for (std::size_t i = 0; i < kStateSize; ++i) {
        hidden[i] = get(parts_->gate_inputs[kStateSize + i]);
        cell[i] = get(parts_->cell[i]);
      }
    }
  }
}

}  // namespace offhook

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace offhook {

struct SileroNetwork::Parts {};
SileroNetwork::SileroNetwork(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SileroNetwork::~SileroNetwork() = default;
std::unique_ptr<SileroNetwork> SileroNetwork::create(const SileroWeights&) { return nullptr; }
void SileroNetwork::run(std::span<const float>, std::span<float>, std::span<float>) noexcept {}

}  // namespace offhook

#endif
