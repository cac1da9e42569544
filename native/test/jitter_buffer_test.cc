#include "engine/jitter_buffer.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>

#include "test/support/signal.h"
#include "test/support/stream.h"

using namespace offhook;
using test::Listener;
using test::packets_of;
using test::Sent;
using Samples = std::vector<std::int16_t>;

namespace {

const auto kNoNetwork = [](Sent&) {};

/// A voice on a gliding pitch, without pauses, at 8 kHz: no period is quite like the one before.
Samples voice(double seconds) {
  Samples out(static_cast<std::size_t>(seconds * 8'000));
  double phase = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double at = static_cast<double>(i) / 8'000;
    phase += 2 * std::numbers::pi * (140 + 40 * std::sin(2 * std::numbers::pi * 1.3 * at)) / 8'000;
    double sum = 0;
    for (int harmonic = 1; harmonic <= 12; ++harmonic) sum += std::sin(harmonic * phase) / harmonic;
    out[i] = static_cast<std::int16_t>(6'000 * sum);
  }
  return out;
}

int steepest(std::span<const std::int16_t> samples) {
  int most = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) most = std::max(most, std::abs(samples[i] - samples[i - 1]));
  return most;
}

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// 20 ms frames in a row that are no louder than `level`, at most.
std::size_t longest_silence(std::span<const std::int16_t> heard, double level) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t at = 0; at + kFrameSamples <= heard.size(); at += kFrameSamples) {
    run = test::rms(heard.subspan(at, kFrameSamples)) <= level ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

TEST_CASE("jitter buffer: on a clean path at most one packet's time is added, whatever the phase, and nothing is made up") {
  for (const double phase_ms : {0.0, 3.0, 11.0, 19.5}) {
    CAPTURE(phase_ms);
    Listener listener;
    listener.hear(packets_of(voice(8), 20, kNoNetwork), 8'000, phase_ms);
    // A packet is sent when its last sample was taken, so its first one is 20 ms old by then.
    const double added_ms = mean(std::span(listener.delay_ms).last(150)) - 20;
    CHECK(added_ms > 0);
    CHECK(added_ms <= 23);
    CHECK(listener.buffer.figures().made_up_samples == 0);
    CHECK(listener.buffer.figures().packets_unused == 0);
    CHECK(steepest(listener.heard) < 2 * steepest(voice(1)));
    CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 1'000) == 0);
  }
}

TEST_CASE("jitter buffer: packets of 10 to 60 ms pass whole") {
  for (const int ptime_ms : {10, 20, 30, 40, 60}) {
    CAPTURE(ptime_ms);
    Listener listener;
    listener.hear(packets_of(voice(6), ptime_ms, kNoNetwork), 6'000, 7);
    const double added_ms = mean(std::span(listener.delay_ms).last(100)) - ptime_ms;
    CHECK(added_ms > -1);
    CHECK(added_ms <= 30);  // packets that do not begin with our frames, and what is less than a period
    CHECK(listener.buffer.figures().made_up_samples == 0);
    CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 1'000) == 0);
  }
}

TEST_CASE("jitter buffer: the delay follows the network's jitter up and down again") {
  std::mt19937 random(9);
  std::uniform_real_distribution<double> jitter(0, 60);
  Listener listener;
  listener.hear(packets_of(voice(60), 20, [&](Sent& sent) {
                  if (sent.sequence >= 500 && sent.sequence < 1'500) sent.arrival_ms += jitter(random);
                }), 60'000, 5);
  const auto delay_at = [&](std::size_t second) { return mean(std::span(listener.delay_ms).subspan(second * 50, 50)) - 20; };
  CHECK(delay_at(9) < 23);
  CHECK(delay_at(28) > 45);
  CHECK(delay_at(28) < 85);
  CHECK(delay_at(59) < 23);
  // While it jittered, nearly all came in time.
  CHECK(listener.buffer.figures().made_up_samples < 16'000);
  CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 500) == 0);
  CHECK(steepest(listener.heard) < 3 * steepest(voice(1)));
}

TEST_CASE("jitter buffer: a loss is concealed once and adds no delay that stays") {
  Listener listener;
  listener.hear(packets_of(voice(20), 20, [](Sent& sent) { sent.lost = sent.sequence % 10 == 8; }), 20'000, 5);
  CHECK(mean(std::span(listener.delay_ms).last(100)) - 20 < 23);
  const double lost_samples = 320.0 * 100;
  CHECK(static_cast<double>(listener.buffer.figures().made_up_samples) == doctest::Approx(lost_samples).epsilon(0.05));
  CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 1'000) == 0);
}

TEST_CASE("jitter buffer: silence 60 ms after the far end stops, a clean start when it speaks again") {
  Listener listener;
  const Samples signal = voice(6);
  listener.hear(packets_of(signal, 20, [](Sent& sent) { sent.lost = sent.sequence >= 100 && sent.sequence < 200; }), 6'000, 5);
  const auto heard_at = [&](double ms) { return std::span(listener.heard).subspan(static_cast<std::size_t>(ms * 16), 640); };
  CHECK(test::rms(heard_at(1'900)) > 2'000);
  CHECK(test::rms(heard_at(2'120)) == 0);
  CHECK(test::rms(heard_at(3'900)) == 0);
  CHECK(test::rms(heard_at(4'100)) > 2'000);
  CHECK(mean(std::span(listener.delay_ms).last(50)) - 20 < 23);
  CHECK(steepest(listener.heard) < 2 * steepest(signal));
}

TEST_CASE("jitter buffer: a stall of the network loses no word, and the delay it leaves is worked off") {
  Listener listener;
  listener.hear(packets_of(voice(30), 20, [](Sent& sent) {
                  if (sent.sequence >= 250 && sent.sequence < 260) sent.arrival_ms = 261 * 20;
                }), 30'000, 5);
  CHECK(listener.buffer.figures().packets_unused == 0);
  CHECK(mean(std::span(listener.delay_ms).subspan(265, 5)) > 150);
  CHECK(mean(std::span(listener.delay_ms).last(50)) - 20 < 45);
  CHECK(listener.buffer.figures().cut_samples > 100 * 16);
}

TEST_CASE("jitter buffer: packets out of order and twice are put right") {
  Listener listener;
  auto packets = packets_of(voice(20), 20, [](Sent& sent) {
    if (sent.sequence % 5 == 3) sent.arrival_ms += 25;
  });
  std::vector<Sent> twice;
  for (const Sent& sent : packets) twice.insert(twice.end(), 1 + static_cast<std::size_t>(sent.sequence % 2), sent);
  listener.hear(twice, 20'000, 5);
  CHECK(listener.buffer.figures().made_up_samples < 3'200);
  CHECK(mean(std::span(listener.delay_ms).last(100)) - 20 < 60);
  CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 1'000) == 0);
}

TEST_CASE("jitter buffer: sequence numbers and timestamps that wrap are not noticed") {
  Listener listener;
  listener.hear(packets_of(voice(8), 20, kNoNetwork, 0, 65'500, 0xFFFF'FFFF - 160 * 150 + 1), 8'000, 5);
  CHECK(listener.buffer.figures().made_up_samples == 0);
  CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 1'000) == 0);
}

TEST_CASE("jitter buffer: a pause left out of the packets is silence, and no loss") {
  Listener listener;
  Samples signal = voice(10);
  auto packets = packets_of(signal, 20, kNoNetwork);
  std::erase_if(packets, [](const Sent& sent) { return sent.sequence >= 200 && sent.sequence < 300; });
  for (std::size_t i = 0; i < packets.size(); ++i) packets[i].sequence = static_cast<std::int64_t>(i);
  // The word that nothing will be said, as comfort noise or a key press takes a number.
  Sent marker{.sequence = 200, .timestamp = 200 * 160, .payload = {}, .arrival_ms = 201 * 20, .lost = false};
  for (std::size_t i = 200; i < packets.size(); ++i) packets[i].sequence += 1;
  packets.push_back(marker);
  listener.hear(packets, 10'000, 5);
  CHECK(listener.buffer.figures().made_up_samples <= 320);
  CHECK(test::rms(std::span(listener.heard).subspan(16 * 4'100, 16 * 1'800)) == 0);
  CHECK(longest_silence(std::span(listener.heard).subspan(16 * 6'100), 1'000) == 0);
  CHECK(mean(std::span(listener.delay_ms).last(100)) - 20 < 23);
}

TEST_CASE("jitter buffer: timestamps that jump, numbers that jump and a new source do not stop it for long") {
  for (const std::string what : {"forward", "far forward", "backward", "numbers", "source"}) {
    CAPTURE(what);
    Listener listener;
    auto packets = packets_of(voice(8), 20, [&](Sent& sent) {
      if (sent.sequence < 200) return;
      if (what == "forward") sent.timestamp += 160 * 20;
      if (what == "far forward") sent.timestamp += 0x7000'0000;
      if (what == "backward") sent.timestamp -= 160 * 150;
      if (what == "numbers") sent.sequence += 20'000;
    });
    if (what == "source") {
      const auto half = packets.begin() + 200;
      std::vector<Sent> before(packets.begin(), half);
      std::vector<Sent> after(half, packets.end());
      for (Sent& sent : after) {
        sent.sequence -= 5'000;
        sent.timestamp += 123'456'789;
      }
      listener.hear(before, 4'000, 5);
      listener.buffer.restart();
      listener.hear(after, 8'000, 4'005);
    } else {
      listener.hear(packets, 8'000, 5);
    }
    CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 500) <= 6);
    CHECK(longest_silence(std::span(listener.heard).last(16'000), 1'000) == 0);
    CHECK(listener.buffer.figures().packets_unused <= 1);
  }
}

TEST_CASE("jitter buffer: another codec takes over in the middle of the stream") {
  Listener listener;
  const Samples signal = voice(4);
  const auto packets = packets_of(signal, 20, kNoNetwork);
  listener.hear(std::vector(packets.begin(), packets.begin() + 100), 2'000, 5);
  auto codec = make_line_codec(CodecKind::g722);
  const auto encoder = make_line_codec(CodecKind::g722);
  listener.buffer.swap_codec(codec, 8'000);
  auto wide = packets;
  const Samples tone = test::sine(440, kAudioRateHz, 8'000, 16'000 * 4);
  for (std::size_t i = 0; i < wide.size(); ++i) {
    encoder->encode(std::span<const std::int16_t, kFrameSamples>(tone.data() + i * kFrameSamples, kFrameSamples), wide[i].payload);
  }
  listener.hear(std::vector(wide.begin() + 100, wide.end()), 4'000, 2'005);
  CHECK(longest_silence(std::span(listener.heard).subspan(16'000), 500) <= 4);
  CHECK(test::amplitude_at(std::span(listener.heard).last(8'000), 440, kAudioRateHz) > 7'000);
}

TEST_CASE("jitter buffer: clocks that differ by 500 ppm neither starve nor overflow it in an hour") {
  // Drift of an hour: 1.8 s. The signal is a minute long and goes round.
  const Samples signal = voice(60);
  for (const double ppm : {500.0, -500.0}) {
    CAPTURE(ppm);
    Listener listener;
    std::mt19937 random(4);
    std::exponential_distribution<double> jitter(1.0 / 2.0);
    std::array<std::int16_t, kFrameSamples> frame;
    double worst_ms = 0;
    std::size_t silent_frames = 0;
    std::int64_t sequence = 0;
    std::vector<std::uint8_t> payload(160);
    const auto arrives_at = [&] { return static_cast<double>(sequence + 1) * 20 / (1 + ppm * 1e-6) + std::min(jitter(random), 15.0); };
    double next_ms = arrives_at();
    constexpr int kFrames = 3'600 * 50;
    for (int i = 0; i < kFrames; ++i) {
      const double now_ms = i * 20.0 + 5;
      while (next_ms <= now_ms) {
        const auto from = static_cast<std::size_t>(sequence % 3'000) * 160;
        alaw_encode(std::span(signal).subspan(from, 160), payload.data());
        listener.buffer.insert(sequence, static_cast<std::uint32_t>(sequence * 160), payload, Listener::at(next_ms));
        sequence += 1;
        next_ms = std::max(next_ms, arrives_at());
      }
      if (i > 100) {
        const double sampled_ms = static_cast<double>(listener.buffer.position()) / 16.0 / (1 + ppm * 1e-6);
        worst_ms = std::max(worst_ms, now_ms - sampled_ms - 20);
      }
      listener.buffer.take(frame, Listener::at(now_ms));
      if (i > 100 && test::rms(frame) < 1'000) silent_frames += 1;
    }
    CHECK(worst_ms < 55);
    CHECK(silent_frames == 0);
    const auto& figures = listener.buffer.figures();
    CHECK(figures.made_up_samples < 16'000 * 36);  // a hundredth
    CHECK(figures.packets_unused == 0);
    const auto cut_ms = static_cast<double>(figures.cut_samples) / 16;
    const auto repeated_ms = static_cast<double>(figures.repeated_samples + figures.made_up_samples) / 16;
    CHECK(std::abs((ppm > 0 ? cut_ms - repeated_ms : repeated_ms - cut_ms) - 1'800) < 60);
  }
}

TEST_CASE("jitter buffer: nobody takes for a minute, then somebody does") {
  Listener listener;
  const auto packets = packets_of(voice(70), 20, kNoNetwork);
  listener.hear(std::vector(packets.begin(), packets.begin() + 100), 2'000, 5);
  for (std::size_t i = 100; i < 3'100; ++i) {
    listener.buffer.insert(packets[i].sequence, packets[i].timestamp, packets[i].payload, Listener::at(packets[i].arrival_ms));
  }
  listener.hear(std::vector(packets.begin() + 3'100, packets.end()), 70'000, 62'005);
  CHECK(longest_silence(std::span(listener.heard).last(16'000 * 6), 1'000) == 0);
  CHECK(mean(std::span(listener.delay_ms).last(50)) - 20 < 45);
}

TEST_CASE("jitter buffer: without a codec it is silent, and takes up what comes once it has one") {
  Listener listener;
  JitterBuffer buffer(nullptr, 8'000);
  std::array<std::int16_t, kFrameSamples> frame{1, 2, 3};
  buffer.insert(1, 160, std::vector<std::uint8_t>(160, 0x2A), Listener::at(0));
  buffer.take(frame, Listener::at(20));
  CHECK(test::rms(frame) == 0);
}

TEST_CASE("jitter buffer: damaged packets of odd sizes, taken in frames of 10 to 60 ms, leave it able to play good ones") {
  for (const CodecKind kind : {CodecKind::pcmu, CodecKind::g722, CodecKind::opus}) {
    std::mt19937 random(static_cast<unsigned>(kind) + 1);
    JitterBuffer buffer(make_line_codec(kind), kind == CodecKind::opus ? 48'000 : 8'000);
    std::int64_t sequence = 0;
    std::uint32_t timestamp = 0;
    double now_ms = 0;
    std::vector<std::uint8_t> payload;
    std::array<std::int16_t, 960> frame;
    for (int i = 0; i < 30'000; ++i) {
      payload.resize(random() % (i % 50 == 0 ? 1'600 : 300));
      for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
      sequence += random() % 20 == 0 ? static_cast<std::int64_t>(random() % 200) - 100 : 1;
      timestamp += random() % 20 == 0 ? static_cast<std::uint32_t>(random()) : 160U;
      buffer.insert(sequence, timestamp, payload, Listener::at(now_ms));
      if (random() % 3 == 0) continue;
      const std::size_t samples = 160 * (1 + random() % 6);
      buffer.take(std::span(frame).first(samples), Listener::at(now_ms));
      now_ms += static_cast<double>(samples) / 16;
      if (random() % 500 == 0) buffer.restart();
    }
    buffer.restart();
    const auto encoder = make_line_codec(kind);
    const Samples tone = test::sine(440, kAudioRateHz, 8'000, 100 * kFrameSamples);
    Samples heard(tone.size());
    payload.resize(1'000);
    for (std::size_t i = 0; i < 100; ++i, now_ms += 20) {
      const auto at = static_cast<std::ptrdiff_t>(i * kFrameSamples);
      const std::size_t bytes = encoder->encode(std::span(tone).subspan(i * kFrameSamples).first<kFrameSamples>(), payload);
      buffer.insert(static_cast<std::int64_t>(i), static_cast<std::uint32_t>(i) * (kind == CodecKind::opus ? 960 : 160),
                    std::span(payload).first(bytes), Listener::at(now_ms));
      buffer.take({heard.begin() + at, kFrameSamples}, Listener::at(now_ms));
    }
    CHECK(test::amplitude_at(std::span(heard).last(16'000), 440, kAudioRateHz) > 7'000);
  }
}

TEST_CASE("jitter buffer: behind comfort noise there is noise of its level until somebody speaks") {
  Listener listener;
  std::vector<Sent> packets = packets_of(voice(0.4), 20, kNoNetwork);
  Sent noise{.sequence = 20, .timestamp = 3'200, .payload = {}, .arrival_ms = 401, .lost = false};
  listener.hear(packets, 402);
  listener.buffer.insert(noise.sequence, noise.timestamp, noise.payload, Listener::at(noise.arrival_ms));
  const std::array<std::uint8_t, 2> payload{30, 1};
  listener.buffer.comfort_noise(payload);
  Samples quiet(16'000);
  double at_ms = 420;
  for (std::size_t at = 0; at < quiet.size(); at += kFrameSamples, at_ms += 20) {
    listener.buffer.take(std::span(quiet).subspan(at, kFrameSamples), Listener::at(at_ms));
  }
  CHECK(test::to_db(test::rms(std::span(quiet).last(8'000)) / 32'768) == doctest::Approx(-30).epsilon(0.1));
  CHECK(listener.buffer.figures().made_up_samples == 0);
}
