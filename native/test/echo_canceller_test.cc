#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "dsp/echo_canceller.h"

using namespace offhook;

namespace {

constexpr std::size_t kRate = 16'000;
constexpr std::size_t kFrame = 320;

/// Somebody who says syllables of noise: loud and faint in turn, as speech is.
std::vector<float> voice(std::size_t samples, unsigned seed, float level) {
  std::mt19937 random(seed);
  std::normal_distribution<float> noise(0, 1);
  std::vector<float> out(samples);
  float low = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    low = 0.8F * low + 0.6F * noise(random);
    const float syllable = std::sin(static_cast<float>(i) * 0.0015F + static_cast<float>(seed));
    out[i] = level * low * syllable * syllable;
  }
  return out;
}

std::vector<std::int16_t> to_samples(const std::vector<float>& in) {
  std::vector<std::int16_t> out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = static_cast<std::int16_t>(std::lround(in[i]));
  return out;
}

/// At `slip` the far end's clock is that much faster than ours.
std::vector<float> delayed(const std::vector<float>& in, double delay_ms, float gain, double slip = 0) {
  std::vector<float> out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double at = static_cast<double>(i) * (1 - slip) - delay_ms * kRate / 1000;
    if (at < 0 || at + 1 >= static_cast<double>(in.size())) continue;
    const auto whole = static_cast<std::size_t>(at);
    const auto part = static_cast<float>(at - static_cast<double>(whole));
    out[i] = gain * (in[whole] * (1 - part) + in[whole + 1] * part);
  }
  return out;
}

std::vector<float> mixed(const std::vector<float>& one, const std::vector<float>& other) {
  std::vector<float> out(one.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = one[i] + other[i];
  return out;
}

double level_db(std::span<const std::int16_t> samples) {
  double energy = 1e-9;
  for (const auto sample : samples) energy += static_cast<double>(sample) * sample;
  return 10 * std::log10(energy / static_cast<double>(samples.size()) / (32'768.0 * 32'768.0));
}

std::span<const std::int16_t> second(const std::vector<std::int16_t>& samples, std::size_t number) {
  return std::span(samples).subspan(number * kRate, kRate);
}

/// Runs a call; `packet` samples of what is heard come at a time.
std::vector<std::int16_t> cancel(EchoCanceller& canceller, const std::vector<float>& sent, const std::vector<float>& heard,
                                 std::size_t packet = kFrame) {
  const auto out_going = to_samples(sent);
  auto cleaned = to_samples(heard);
  std::size_t taken = 0;
  for (std::size_t at = 0; at + kFrame <= out_going.size(); at += kFrame) {
    canceller.sent(std::span(out_going).subspan(at, kFrame));
    for (; taken + packet <= at + kFrame; taken += packet) canceller.heard(std::span(cleaned).subspan(taken, packet));
  }
  return cleaned;
}

EchoCanceller& fresh(std::unique_ptr<EchoCanceller>& canceller, EchoMode mode = EchoMode::automatic) {
  canceller = std::make_unique<EchoCanceller>();
  canceller->set_mode(mode);
  canceller->set_wide(true);
  return *canceller;
}

}  // namespace

TEST_CASE("an echo is silence after a second, at any delay and level") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(4 * kRate, 1, 2'000);
  for (const double delay_ms : {20.0, 61.7, 133.0, 250.0, 400.0}) {
    for (const float gain : {0.5F, 0.1F, 0.02F}) {
      CAPTURE(delay_ms);
      CAPTURE(gain);
      const auto out = cancel(fresh(canceller), sent, delayed(sent, delay_ms, gain));
      CHECK(canceller->found());
      for (const std::size_t at : {2U, 3U}) CHECK(level_db(second(out, at)) < -75);
    }
  }
}

TEST_CASE("packets of any length are cleaned alike") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(3 * kRate, 2, 2'000);
  for (const std::size_t packet : {160U, 480U, 640U, 960U, 40U}) {
    CAPTURE(packet);
    const auto out = cancel(fresh(canceller), sent, delayed(sent, 90, 0.2F), packet);
    CHECK(level_db(second(out, 2).first(kRate - 960)) < -75);
  }
}

TEST_CASE("whoever speaks over us is heard, and nothing of us") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(6 * kRate, 3, 2'000);
  auto caller = voice(6 * kRate, 4, 1'500);
  std::fill(caller.begin(), caller.begin() + 3 * kRate, 0.0F);
  const auto out = cancel(fresh(canceller), sent, mixed(caller, delayed(sent, 120, 0.25F)));
  const auto alone = to_samples(caller);
  for (const std::size_t at : {3U, 4U, 5U}) {
    CAPTURE(at);
    double error = 0;
    double energy = 0;
    for (std::size_t i = at * kRate; i < (at + 1) * kRate; ++i) {
      error += std::pow(out[i] - alone[i], 2);
      energy += std::pow(alone[i], 2);
    }
    CHECK(error < 0.1 * energy);
  }
}

TEST_CASE("where there is no echo the caller is heard as they are, but for the first moments") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(4 * kRate, 5, 2'000);
  const auto caller = voice(4 * kRate, 6, 1'000);
  const auto alone = to_samples(caller);
  const auto out = cancel(fresh(canceller), sent, caller);
  CHECK_FALSE(canceller->found());
  for (const std::size_t at : {1U, 2U, 3U}) CHECK(level_db(second(out, at)) > level_db(second(alone, at)) - 0.5);
}

TEST_CASE("while nothing is sent, or it is off, what is heard stays as it is to the bit") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto caller = voice(2 * kRate, 7, 3'000);
  CHECK(cancel(fresh(canceller), std::vector<float>(2 * kRate), caller) == to_samples(caller));
  const auto sent = voice(2 * kRate, 8, 2'000);
  CHECK(cancel(fresh(canceller, EchoMode::off), sent, caller) == to_samples(caller));
}

TEST_CASE("a delay that jumps is found again") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(8 * kRate, 9, 2'000);
  for (const double later_ms : {60.0, 140.0, 300.0}) {
    CAPTURE(later_ms);
    auto heard = delayed(sent, 120, 0.25F);
    const auto after = delayed(sent, later_ms, 0.25F);
    std::copy(after.begin() + 4 * kRate, after.end(), heard.begin() + 4 * kRate);
    const auto out = cancel(fresh(canceller), sent, heard);
    CHECK(level_db(second(out, 3)) < -75);
    CHECK(level_db(second(out, 7)) < -65);
  }
}

TEST_CASE("clocks that differ by 500 ppm, for as long as it takes to be a packet and more apart") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(100 * kRate, 10, 2'000);
  for (const double slip : {-500e-6, 500e-6}) {
    CAPTURE(slip);
    const auto out = cancel(fresh(canceller), sent, delayed(sent, 150, 0.1F, slip));
    for (std::size_t at = 10; at < 99; ++at) {
      CAPTURE(at);
      CHECK(level_db(second(out, at)) < -60);
    }
  }
}

TEST_CASE("after a hold, in which nothing came, the echo is where it was") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(12 * kRate, 11, 2'000);
  const auto echo = delayed(sent, 100, 0.25F);
  const auto going = to_samples(sent);
  auto cleaned = to_samples(echo);
  EchoCanceller& one = fresh(canceller);
  for (std::size_t at = 0; at + kFrame <= going.size(); at += kFrame) {
    one.sent(std::span(going).subspan(at, kFrame));
    if (at < 4 * kRate || at >= 9 * kRate) one.heard(std::span(cleaned).subspan(at, kFrame));
  }
  CHECK(level_db(second(cleaned, 3)) < -75);
  CHECK(level_db(second(cleaned, 11)) < -75);
}

TEST_CASE("packets that come in bursts do not change the delay") {
  std::unique_ptr<EchoCanceller> canceller;
  const auto sent = voice(6 * kRate, 12, 2'000);
  const auto going = to_samples(sent);
  auto cleaned = to_samples(delayed(sent, 100, 0.25F));
  EchoCanceller& one = fresh(canceller);
  std::mt19937 random(1);
  std::size_t taken = 0;
  for (std::size_t at = 0; at + kFrame <= going.size(); at += kFrame) {
    one.sent(std::span(going).subspan(at, kFrame));
    if (random() % 3 != 0) continue;
    for (; taken + kFrame <= at + kFrame; taken += kFrame) one.heard(std::span(cleaned).subspan(taken, kFrame));
  }
  for (const std::size_t at : {3U, 4U}) CHECK(level_db(second(cleaned, at)) < -65);
}
