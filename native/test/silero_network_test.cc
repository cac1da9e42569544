#include "vad/silero_network.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace offhook;

namespace {

constexpr std::size_t kState = SileroNetwork::kStateSize;

/// Tensors of the right sizes, all zero but for the bias of the output and of the gate that writes the memory.
struct Tensors {
  std::vector<float> zeros = std::vector<float>(512 * 256);
  std::vector<float> gate_bias = std::vector<float>(512);
  std::vector<float> output = std::vector<float>(kState);
  std::vector<float> output_bias{0.5F};

  [[nodiscard]] SileroWeights::Layer layer(std::size_t rows, std::size_t columns) const {
    return {std::span(zeros).first(rows * columns), std::span(zeros).first(rows)};
  }

  [[nodiscard]] SileroWeights weights() const {
    SileroWeights weights;
    weights.transform = std::span(zeros).first(258 * 256);
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
