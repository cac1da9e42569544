#include "dsp/echo_gate.h"

#include <algorithm>

#include "dsp/sample.h"

namespace offhook {

namespace {
/// Of what was sent, before anything is known: an echo is assumed to be 5 dB fainter than that, the gate's margin included.
constexpr float kWorstCoupling = 0.35F;
/// Speech is opened to when it is 9 dB louder than the rest is expected to be: that one varies.
constexpr float kMargin = 8.0F;
/// 0.4 s in blocks, as long as the search looks back.
constexpr float kAverage = 1.0F / 24.0F;
/// Quieter sending says nothing of the echo: -60 dBFS.
constexpr float kLeastSent = 1e-6F;
constexpr float kLeastEcho = 1e-7F;
/// What the search finds by chance, and in nothing but echo.
constexpr float kChanceShare = 0.1F;
constexpr float kEchoShare = 0.35F;
constexpr float kLeastShare = 0.03F;
/// The leak follows the lower third of what is seen, so that a caller speaking over the agent raises it slowly: by 6 dB a second up,
/// by 12 down.
constexpr float kLeakUp = 1.0233F;
constexpr float kLeakDown = 0.955F;
constexpr float kRecentSamples = 240.0F;  ///< 15 ms
constexpr float kEchoDecay = 0.9F;        ///< a piece of 4 ms: 60 dB in half a second, as a room does
constexpr int kPiecesOpen = 25;           ///< 100 ms
constexpr float kClosed = 0.003F;         ///< -50 dB

float energy_of(std::span<const float> samples) noexcept {
  float energy = 0;
  for (const float sample : samples) energy += sample * sample;
  return energy;
}
}  // namespace

EchoGate::EchoGate() noexcept : coupling_(kWorstCoupling / kMargin) {}

void EchoGate::set_share(float share) noexcept {
  if (sent_average_ <= 0) return;
  const float echo = std::clamp((share - kChanceShare) / (kEchoShare - kChanceShare), kLeastShare, 1.0F);
  coupling_ = std::min(echo * rest_average_ / sent_average_, kWorstCoupling);
}

void EchoGate::pass(std::span<const float> rest, std::span<const float> echo, float sent_power,
                    std::span<std::int16_t> out) noexcept {
  const auto size = static_cast<float>(rest.size());
  rest_recent_ += (energy_of(rest) / size - rest_recent_) * size / kRecentSamples;
  echo_recent_ = std::max(energy_of(echo) / size, echo_recent_ * kEchoDecay);
  const float expected = std::max(coupling_ * sent_power, leak_ * echo_recent_);
  pieces_open_ = rest_recent_ > kMargin * expected ? kPiecesOpen : std::max(pieces_open_ - 1, 0);
  const float target = pieces_open_ > 0 ? 1.0F : kClosed;
  const float step = (target - gain_) / size;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    gain_ += step;
    out[i] = to_sample(rest[i] * gain_ * 32'768.0F);
  }
  gain_ = target;
}

void EchoGate::learn(std::span<const float> rest, std::span<const float> echo, float sent_power) noexcept {
  const auto size = static_cast<float>(rest.size());
  const float rest_energy = energy_of(rest);
  if (sent_power > kLeastSent) {
    rest_average_ += (rest_energy / size - rest_average_) * kAverage;
    sent_average_ += (sent_power - sent_average_) * kAverage;
  }
  const float echo_energy = energy_of(echo);
  if (echo_energy < kLeastEcho * size) return;
  leak_ = rest_energy < leak_ * echo_energy ? leak_ * kLeakDown : std::min(leak_ * kLeakUp, 1.0F);
}

void EchoGate::reopen() noexcept {
  rest_recent_ = 0;
  echo_recent_ = 0;
  pieces_open_ = 0;
  gain_ = 1;
}

}  // namespace offhook
