// The network, for whoever includes this: silero_avx2.cc and silero_avx512.cc, each inside its own unnamed namespace and compiled for its
// processors. They have said what a `Part` is (as many numbers as a register holds), its `square_root`, and in `kRowsAtOnce` how many rows
// of a product find room in the registers.

constexpr std::size_t kLanes = 16;
constexpr std::size_t kStateSize = SileroNetwork::kStateSize;
constexpr std::size_t kInputSamples = SileroNetwork::kInputSamples;
constexpr std::size_t kHop = 128;
constexpr std::size_t kWindow = 256;
constexpr std::size_t kPadded = kInputSamples + 64;  ///< mirrored at the end
constexpr std::size_t kFrames = (kPadded - kWindow) / kHop + 1;
constexpr std::size_t kBins = 129;
constexpr std::size_t kGates = 4 * kStateSize;

typedef std::int32_t PartBits __attribute__((vector_size(sizeof(Part))));
constexpr std::size_t kPartLanes = sizeof(Part) / sizeof(float);
constexpr std::size_t kParts = kLanes / kPartLanes;

/// One number of each of sixteen windows.
struct alignas(64) Lanes {
  Part parts[kParts];

  [[nodiscard]] float get(std::size_t lane) const noexcept { return parts[lane / kPartLanes][lane % kPartLanes]; }
  void set(std::size_t lane, float value) noexcept { parts[lane / kPartLanes][lane % kPartLanes] = value; }
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
      Lanes sums[kRowsAtOnce];
      for (std::size_t i = 0; i < kRowsAtOnce; ++i) {
        for (Part& part : sums[i].parts) part = Part{} + bias_[row + i];
      }
      for (std::size_t column = first; column < last; ++column, weight += kRowsAtOnce) {
        const Lanes& x = in[column - first];
#pragma GCC unroll 16
        for (std::size_t i = 0; i < kRowsAtOnce; ++i) {
#pragma GCC unroll 2
          for (std::size_t part = 0; part < kParts; ++part) sums[i].parts[part] += weight[i] * x.parts[part];
        }
      }
      for (std::size_t i = 0; i < kRowsAtOnce; ++i) out[row + i] = sums[i];
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
Part exponential(Part x) noexcept {
  const Part limit = Part{} + 87.0F;
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  constexpr float kRounder = 12'582'912.0F;  // 1.5 * 2^23: what is added to it is rounded to a whole number
  const Part shifted = x * 1.44269504F + kRounder;
  const Part power = shifted - kRounder;
  const Part rest = x - power * 0.693145752F - power * 1.42860677e-6F;
  Part sum = Part{} + 1.0F / 720;
  sum = sum * rest + 1.0F / 120;
  sum = sum * rest + 1.0F / 24;
  sum = sum * rest + 1.0F / 6;
  sum = sum * rest + 0.5F;
  sum = sum * rest + 1.0F;
  sum = sum * rest + 1.0F;
  const PartBits exponent = (__builtin_convertvector(power, PartBits) + 127) << 23;
  Part scale;
  __builtin_memcpy(&scale, &exponent, sizeof scale);
  return sum * scale;
}

Part sigmoid(Part x) noexcept { return 1.0F / (1.0F + exponential(-x)); }
Part hyperbolic_tangent(Part x) noexcept { return 2.0F * sigmoid(2.0F * x) - 1.0F; }
Part positive(Part x) noexcept { return x > 0.0F ? x : Part{}; }

void rectify(Lanes* values, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    for (Part& part : values[i].parts) part = positive(part);
  }
}

/// Magnitudes of the short-time Fourier transform: 256 real samples under a Hann window, as 128 complex ones (radix 2, self-sorting).
class Spectrum {
 public:
  Spectrum() {
    for (std::size_t i = 0; i < kWindow; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(kWindow);
      window_[i] = static_cast<float>(0.5 - 0.5 * std::cos(angle));
      cos_[i] = static_cast<float>(std::cos(angle));
      sin_[i] = static_cast<float>(std::sin(angle));
    }
  }

  /// `samples` are 256, `out` gets `kBins`.
  void magnitudes(const Lanes* samples, Lanes* out) noexcept {
    for (std::size_t i = 0; i < kHalf; ++i) {
      for (std::size_t part = 0; part < kParts; ++part) {
        data_[i].re.parts[part] = window_[2 * i] * samples[2 * i].parts[part];
        data_[i].im.parts[part] = window_[2 * i + 1] * samples[2 * i + 1].parts[part];
      }
    }
    Complex* from = data_.data();
    Complex* to = spare_.data();
    for (std::size_t stride = 1; stride < kHalf; stride *= 2, std::swap(from, to)) step(from, to, stride);
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      // Even and odd samples told apart by their symmetry, the odd ones turned into place.
      const Complex& one = from[bin % kHalf];
      const Complex& mirrored = from[(kHalf - bin) % kHalf];
      for (std::size_t part = 0; part < kParts; ++part) {
        const Part even_re = one.re.parts[part] + mirrored.re.parts[part];
        const Part even_im = one.im.parts[part] - mirrored.im.parts[part];
        const Part odd_re = one.im.parts[part] + mirrored.im.parts[part];
        const Part odd_im = mirrored.re.parts[part] - one.re.parts[part];
        const Part re = even_re + cos_[bin] * odd_re + sin_[bin] * odd_im;
        const Part im = even_im + cos_[bin] * odd_im - sin_[bin] * odd_re;
        out[bin].parts[part] = 0.5F * square_root(re * re + im * im);
      }
    }
  }

 private:
  static constexpr std::size_t kHalf = kWindow / 2;
  struct Complex {
    Lanes re;
    Lanes im;
  };

  /// What is left to transform is `kHalf / stride` points long, `stride` times.
  void step(const Complex* from, Complex* to, std::size_t stride) const noexcept {
    const std::size_t half = kHalf / stride / 2;
    for (std::size_t p = 0; p < half; ++p) {
      const float cos = cos_[2 * p * stride];
      const float sin = sin_[2 * p * stride];
      for (std::size_t q = 0; q < stride; ++q) {
        const Complex& a = from[q + stride * p];
        const Complex& b = from[q + stride * (p + half)];
        Complex& sum = to[q + stride * 2 * p];
        Complex& turned = to[q + stride * (2 * p + 1)];
        for (std::size_t part = 0; part < kParts; ++part) {
          const Part re = a.re.parts[part] - b.re.parts[part];
          const Part im = a.im.parts[part] - b.im.parts[part];
          sum.re.parts[part] = a.re.parts[part] + b.re.parts[part];
          sum.im.parts[part] = a.im.parts[part] + b.im.parts[part];
          turned.re.parts[part] = re * cos + im * sin;
          turned.im.parts[part] = im * cos - re * sin;
        }
      }
    }
  }

  std::array<float, kWindow> window_;
  std::array<float, kWindow> cos_;
  std::array<float, kWindow> sin_;
  std::array<Complex, kHalf> data_;
  std::array<Complex, kHalf> spare_;
};

class Network final : public SileroNetwork {
 public:
  explicit Network(const SileroWeights& weights)
      : first(convolution(weights.encoder[0], 128, kBins)),
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

  void run(std::span<const float> inputs, std::span<float> states, std::span<float> probabilities) noexcept override;

 private:
  void judge(std::size_t count, float* probabilities) noexcept;
  void spectra() noexcept;
  void encode() noexcept;

  Spectrum spectrum;
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
  std::array<Lanes, kFrames * kBins> magnitudes;
  std::array<Lanes, 4 * 128 + kRowsAtOnce> after_first;
  std::array<Lanes, 2 * 64 + kRowsAtOnce> after_second;
  std::array<Lanes, padded(64)> after_third;
  std::array<Lanes, 2 * kStateSize + kRowsAtOnce> gate_inputs;  ///< what the encoder says, then the hidden state
  std::array<Lanes, kStateSize> cell;
  std::array<Lanes, padded(kGates)> gate_sums;
};

void Network::spectra() noexcept {
  // Behind its last sample the window is mirrored.
  for (std::size_t i = 0; i < kPadded - kInputSamples; ++i) samples[kInputSamples + i] = samples[kInputSamples - 2 - i];
  for (std::size_t frame = 0; frame < kFrames; ++frame) {
    spectrum.magnitudes(samples.data() + frame * kHop, magnitudes.data() + frame * kBins);
  }
}

void Network::encode() noexcept {
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

void Network::judge(std::size_t count, float* probabilities) noexcept {
  spectra();
  encode();
  gates.multiply(gate_inputs.data(), 0, 2 * kStateSize, gate_sums.data());
  Lanes judged;
  for (std::size_t part = 0; part < kParts; ++part) {
    Part sum = Part{} + output_bias;
    for (std::size_t i = 0; i < kStateSize; ++i) {
      const auto gate = [&](std::size_t which) {
        return gate_sums[which * kStateSize + i].parts[part] + state_bias[which * kStateSize + i];
      };
      Part& memory = cell[i].parts[part];
      memory = sigmoid(gate(1)) * memory + sigmoid(gate(0)) * hyperbolic_tangent(gate(2));
      Part& hidden = gate_inputs[kStateSize + i].parts[part];
      hidden = sigmoid(gate(3)) * hyperbolic_tangent(memory);
      sum += output[i] * positive(hidden);
    }
    judged.parts[part] = sigmoid(sum);
  }
  for (std::size_t lane = 0; lane < count; ++lane) probabilities[lane] = judged.get(lane);
}

void Network::run(std::span<const float> inputs, std::span<float> states, std::span<float> probabilities) noexcept {
  const std::size_t batch = probabilities.size();
  for (std::size_t row = 0; row < batch; row += kLanes) {
    const std::size_t count = std::min(kLanes, batch - row);
    // Rows become lanes and back: lane l of element i is element i of row l.
    for (std::size_t lane = 0; lane < count; ++lane) {
      const float* input = inputs.data() + (row + lane) * kInputSamples;
      for (std::size_t i = 0; i < kInputSamples; ++i) samples[i].set(lane, input[i]);
      const float* hidden = states.data() + (row + lane) * kStateSize;
      const float* memory = hidden + batch * kStateSize;
      for (std::size_t i = 0; i < kStateSize; ++i) {
        gate_inputs[kStateSize + i].set(lane, hidden[i]);
        cell[i].set(lane, memory[i]);
      }
    }
    judge(count, probabilities.data() + row);
    for (std::size_t lane = 0; lane < count; ++lane) {
      float* hidden = states.data() + (row + lane) * kStateSize;
      float* memory = hidden + batch * kStateSize;
      for (std::size_t i = 0; i < kStateSize; ++i) {
        hidden[i] = gate_inputs[kStateSize + i].get(lane);
        memory[i] = cell[i].get(lane);
      }
    }
  }
}
