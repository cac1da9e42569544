#include "silero_object.h"

#include <string>

namespace offhook {

namespace {

std::span<float> floats_of(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    throw Napi::TypeError::New(value.Env(), "a Float32Array is wanted");
  }
  auto array = value.As<Napi::Float32Array>();
  return {array.Data(), array.ElementLength()};
}

}  // namespace

void SileroObject::define(Napi::Env env, Napi::Object exports) {
  exports.Set("Silero", DefineClass(env, "Silero", {InstanceMethod("run", &SileroObject::run)}));
}

SileroObject::SileroObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  if (info.Length() < 1 || !info[0].IsObject()) throw Napi::TypeError::New(env, "Silero takes its tensors");
  const auto tensors = info[0].As<Napi::Object>();
  const auto tensor = [&](const std::string& name) { return floats_of(tensors.Get(name)); };
  const auto layer = [&](const std::string& name) -> SileroWeights::Layer { return {tensor(name + ".weight"), tensor(name + ".bias")}; };
  const auto gates = [&](const std::string& name) -> SileroWeights::Layer {
    return {tensor("model.decoder.rnn.weight_" + name), tensor("model.decoder.rnn.bias_" + name)};
  };
  SileroWeights weights;
  weights.transform = tensor("model.stft.forward_basis_buffer");
  for (std::size_t i = 0; i < weights.encoder.size(); ++i) {
    weights.encoder[i] = layer("model.encoder." + std::to_string(i) + ".reparam_conv");
  }
  weights.input_gates = gates("ih");
  weights.state_gates = gates("hh");
  weights.output = layer("model.decoder.decoder.2");
  network_ = SileroNetwork::create(weights);
  if (network_ == nullptr) throw Napi::RangeError::New(env, "not the network that is known here, or not the processor for it");
}

/// Inputs, states (read and written) and probabilities (written), as SileroNetwork::run has them.
void SileroObject::run(const Napi::CallbackInfo& info) {
  const auto inputs = floats_of(info[0]);
  const auto states = floats_of(info[1]);
  const auto probabilities = floats_of(info[2]);
  const std::size_t batch = probabilities.size();
  if (inputs.size() != batch * SileroNetwork::kInputSamples || states.size() != 2 * batch * SileroNetwork::kStateSize) {
    throw Napi::RangeError::New(info.Env(), "inputs and states do not fit the batch");
  }
  network_->run(inputs, states, probabilities);
}

}  // namespace offhook
