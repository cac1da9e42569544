#include "vad/silero_network.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "vad/silero_variants.h"

using namespace offhook;

namespace {

constexpr std::size_t kState = SileroNetwork::kStateSize;

/// [258, 256]: the real, then the imaginary part of a Fourier transform under a Hann window.
std::vector<float> fourier() {
  std::vector<float> transform(258 * 256);
  for (std::size_t bin = 0; bin < 129; ++bin) {
    for (std::size_t i = 0; i < 256; ++i) {
      const double turn = 2 * std::numbers::pi / 256;
      const double window = 0.5 - 0.5 * std::cos(turn * static_cast<double>(i));
      transform[bin * 256 + i] = static_cast<float>(window * std::cos(turn * static_cast<double>(bin * i)));
      transform[(129 + bin) * 256 + i] = static_cast<float>(-window * std::sin(turn * static_cast<double>(bin * i)));
    }
  }
  return transform;
}

/// Tensors of the right sizes, all zero but for the transform and the bias of the output and of the gate that writes the memory.
struct Tensors {
  std::vector<float> transform = fourier();
  std::vector<float> zeros = std::vector<float>(512 * 256);
  std::vector<float> gate_bias = std::vector<float>(512);
  std::vector<float> output = std::vector<float>(kState);
  std::vector<float> output_bias{0.5F};

  [[nodiscard]] SileroWeights::Layer layer(std::size_t rows, std::size_t columns) const {
    return {std::span(zeros).first(rows * columns), std::span(zeros).first(rows)};
  }

  [[nodiscard]] SileroWeights weights() const {
    SileroWeights weights;
    weights.transform = transform;
    weights.encoder = {layer(128, 129 * 3), layer(64, 128 * 3), layer(64, 64 * 3), layer(128, 64 * 3)};
    weights.input_gates = {std::span(zeros).first(512 * 128), gate_bias};
    weights.state_gates = layer(512, 128);
    weights.output = {output, output_bias};
    return weights;
  }
};

}  // namespace

TEST_CASE("a network with a tensor of another size is refused") {
  const Tensors tensors;
  SileroWeights weights = tensors.weights();
  weights.encoder[2].weight = weights.encoder[2].weight.subspan(1);
  CHECK(SileroNetwork::create(weights) == nullptr);
  CHECK(SileroNetwork::create({}) == nullptr);
}

TEST_CASE("a network with another transform is refused") {
  Tensors tensors;
  tensors.transform[130 * 256 + 7] += 1e-3F;
  CHECK(SileroNetwork::create(tensors.weights()) == nullptr);
}

#if defined(__x86_64__)
TEST_CASE("every kind of processor comes to the same, to the last rounding") {
  const auto create = SileroNetwork::create(Tensors{}.weights());
  if (create == nullptr || !__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512dq")) return;
  std::mt19937 random(1);
  std::normal_distribution<float> weight(0.0F, 0.05F);
  Tensors tensors;
  for (float& number : tensors.zeros) number = weight(random);
  for (float& number : tensors.output) number = weight(random);
  const auto one = silero_for_avx2(tensors.weights());
  const auto other = silero_for_avx512(tensors.weights());
  constexpr std::size_t kBatch = 19;
  std::vector<float> inputs(kBatch * SileroNetwork::kInputSamples);
  std::vector<float> states(2 * kBatch * kState);
  std::vector<float> other_states = states;
  for (int window = 0; window < 5; ++window) {
    for (float& sample : inputs) sample = std::clamp(3.0F * weight(random), -1.0F, 1.0F);
    std::vector<float> probabilities(kBatch);
    std::vector<float> other_probabilities(kBatch);
    one->run(inputs, states, probabilities);
    other->run(inputs, other_states, other_probabilities);
    for (std::size_t row = 0; row < kBatch; ++row) CHECK(other_probabilities[row] == doctest::Approx(probabilities[row]).epsilon(1e-5));
  }
  CHECK(states[7] != 0.0F);
}
#endif

TEST_CASE("each row of a batch keeps its own memory, wherever it lies") {
  Tensors tensors;
  for (std::size_t i = 0; i < kState; ++i) {
    tensors.gate_bias[i] = 100.0F;                // input gate open
    tensors.gate_bias[kState + i] = 100.0F;       // nothing is forgotten
    tensors.gate_bias[3 * kState + i] = 100.0F;   // all of it is shown
    tensors.output[i] = i == 5 ? 2.0F : 0.0F;
  }
  const auto network = SileroNetwork::create(tensors.weights());
  if (network == nullptr) return;  // not this processor
  for (const std::size_t batch : {1U, 15U, 16U, 17U, 40U}) {
    const std::vector<float> inputs(batch * SileroNetwork::kInputSamples, 0.1F);
    std::vector<float> states(2 * batch * kState);
    for (std::size_t row = 0; row < batch; ++row) states[(batch + row) * kState + 5] = static_cast<float>(row) / 20.0F - 0.5F;
    const std::vector<float> before = states;
    std::vector<float> probabilities(batch, -1.0F);
    network->run(inputs, states, probabilities);
    for (std::size_t row = 0; row < batch; ++row) {
      CAPTURE(row);
      const float memory = before[(batch + row) * kState + 5];
      CHECK(states[(batch + row) * kState + 5] == doctest::Approx(memory).epsilon(1e-5));
      CHECK(states[row * kState + 5] == doctest::Approx(std::tanh(memory)).epsilon(1e-5));
      const float shown = std::max(std::tanh(memory), 0.0F);
      CHECK(probabilities[row] == doctest::Approx(1.0F / (1.0F + std::exp(-(0.5F + 2.0F * shown)))).epsilon(1e-5));
    }
  }
}

TEST_CASE("numbers beyond all measure give a probability, not nonsense") {
  Tensors tensors;
  tensors.output_bias[0] = 1e30F;
  for (auto& number : tensors.zeros) number = 1e3F;
  const auto network = SileroNetwork::create(tensors.weights());
  if (network == nullptr) return;
  const std::vector<float> inputs(SileroNetwork::kInputSamples, 1.0F);
  std::vector<float> states(2 * kState);
  std::vector<float> probabilities(1);
  network->run(inputs, states, probabilities);
  CHECK(probabilities[0] >= 0.0F);
  CHECK(probabilities[0] <= 1.0F);
}
