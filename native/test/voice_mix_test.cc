#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "engine/voice_mix.h"
#include "support/signal.h"
#include "support/stream.h"

using namespace offhook;

namespace {

constexpr std::int64_t kTickSamples = kAudioRateHz / 200;

/// Somebody who says a tone, and whoever listens to them tick by tick of 5 ms.
struct Talker {
  explicit Talker(double hz, double peak = 8'000)
      : packets(test::packets_of(test::sine(hz, 8'000, peak, 16'000), 20, [](test::Sent&) {})) {}

  void arrive_until(double at_ms) {
    for (; next < packets.size() && packets[next].arrival_ms <= at_ms; ++next) {
      const test::Sent& sent = packets[next];
      voice.jitter.insert(sent.sequence, sent.timestamp, sent.payload, test::Listener::at(sent.arrival_ms));
    }
  }

  std::vector<test::Sent> packets;
  std::size_t next{0};
  SharedVoice voice{make_line_codec(CodecKind::pcma), 8'000};
};

struct Ear {
  std::size_t ticks;  ///< of its packets
  std::size_t phase;
  VoiceMix mix;
  std::vector<std::int16_t> heard;
};

/// All on one clock, until shortly before the talkers end.
void run(std::vector<Talker*> talkers, std::vector<Ear*> ears) {
  for (std::size_t tick = 0; tick < 380; ++tick) {
    const double at_ms = static_cast<double>(tick) * 5;
    for (Ear* ear : ears) {
      if (tick % ear->ticks != ear->phase) continue;
      std::vector<std::int16_t> frame(ear->ticks * kTickSamples, 0);
      ear->mix.add_to(frame, static_cast<std::int64_t>(tick) * kTickSamples, test::Listener::at(at_ms));
      ear->heard.insert(ear->heard.end(), frame.begin(), frame.end());
    }
    for (Talker* talker : talkers) talker->arrive_until(at_ms);
  }
}

/// How much of the tone is heard, in the second half, in which nothing settles any more. By frames, as a joint moves the tone's phase.
double level(const Ear& ear, double hz) {
  const auto half = std::span(ear.heard).last(ear.heard.size() / 2);
  double sum = 0;
  std::size_t frames = 0;
  for (std::size_t at = 0; at + kFrameSamples <= half.size(); at += kFrameSamples, ++frames) {
    sum += test::amplitude_at(half.subspan(at, kFrameSamples), hz, kAudioRateHz);
  }
  return sum / static_cast<double>(frames);
}

}  // namespace

TEST_CASE("voice mix: each hears the others whole and not itself, whatever the packets' length and phase") {
  Talker low(400);
  Talker middle(1'000);
  Talker high(2'000);
  Ear ears[] = {{.ticks = 4, .phase = 0, .mix = {}, .heard = {}},
                {.ticks = 4, .phase = 3, .mix = {}, .heard = {}},
                {.ticks = 2, .phase = 1, .mix = {}, .heard = {}},
                {.ticks = 12, .phase = 7, .mix = {}, .heard = {}}};
  REQUIRE((ears[0].mix.add(middle.voice) && ears[0].mix.add(high.voice)));
  REQUIRE((ears[1].mix.add(low.voice) && ears[1].mix.add(high.voice)));
  REQUIRE((ears[2].mix.add(low.voice) && ears[2].mix.add(middle.voice)));
  REQUIRE((ears[3].mix.add(low.voice) && ears[3].mix.add(middle.voice) && ears[3].mix.add(high.voice)));
  run({&low, &middle, &high}, {&ears[0], &ears[1], &ears[2], &ears[3]});
  const double hz[] = {400, 1'000, 2'000};
  for (std::size_t ear = 0; ear < 4; ++ear) {
    for (std::size_t talker = 0; talker < 3; ++talker) {
      CAPTURE(ear);
      CAPTURE(talker);
      if (ear == talker) CHECK(level(ears[ear], hz[talker]) < 50);
      else CHECK(level(ears[ear], hz[talker]) == doctest::Approx(8'000).epsilon(0.05));
    }
  }
  for (const Talker* talker : {&low, &middle, &high}) CHECK(talker->voice.jitter.figures().made_up_samples == 0);
}

TEST_CASE("voice mix: what somebody is told is heard along to the sample, whatever the packets' length, and silence where nothing was") {
  constexpr std::size_t kTicks = 400;
  const std::vector<std::int16_t> speech = test::sine(440, kAudioRateHz, 8'000, kTicks * kTickSamples);
  for (const std::size_t teller_ticks : {2U, 4U, 12U}) {
    ToldVoice told;
    Ear ears[] = {{.ticks = 4, .phase = 1, .mix = {}, .heard = {}},
                  {.ticks = 2, .phase = 1, .mix = {}, .heard = {}},
                  {.ticks = 12, .phase = 7, .mix = {}, .heard = {}}};
    for (Ear& ear : ears) REQUIRE(ear.mix.add(told));
    for (std::size_t tick = 0; tick < kTicks; ++tick) {
      const auto from = static_cast<std::int64_t>(tick) * kTickSamples;
      const auto hear = [&](Ear& ear) {
        if (tick % ear.ticks != ear.phase) return;
        std::vector<std::int16_t> frame(ear.ticks * kTickSamples, 0);
        ear.mix.add_to(frame, from, {});
        ear.heard.insert(ear.heard.end(), frame.begin(), frame.end());
      };
      // In one tick those go first, and those last.
      hear(ears[0]);
      const bool pauses = tick >= 200 && tick < 320;
      const std::size_t size = teller_ticks * kTickSamples;
      if (tick % teller_ticks == 1 && !pauses && static_cast<std::size_t>(from) + size <= speech.size()) {
        told.tell(std::span(speech).subspan(static_cast<std::size_t>(from), size), from);
      }
      hear(ears[1]);
      hear(ears[2]);
    }
    for (const Ear& ear : ears) {
      CAPTURE(teller_ticks);
      CAPTURE(ear.ticks);
      // Each hears it later by a packet of its own.
      const std::int64_t begin = static_cast<std::int64_t>(ear.phase * kTickSamples) - static_cast<std::int64_t>(ear.ticks * kTickSamples);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < ear.heard.size(); ++i) {
        const std::int64_t at = begin + static_cast<std::int64_t>(i);
        if (at < 24 * kTickSamples || at >= 370 * kTickSamples) continue;
        const bool silent = at >= 212 * kTickSamples && at < 319 * kTickSamples;
        if (at >= 199 * kTickSamples && at < 333 * kTickSamples && !silent) continue;
        if (ear.heard[i] != (silent ? 0 : speech[static_cast<std::size_t>(at)])) wrong += 1;
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("voice mix: what is louder than can be is cut off, and does not wrap") {
  Talker one(500, 30'000);
  Talker two(500, 30'000);
  Ear ear{.ticks = 4, .phase = 0, .mix = {}, .heard = {}};
  REQUIRE((ear.mix.add(one.voice) && ear.mix.add(two.voice)));
  run({&one, &two}, {&ear});
  const std::int16_t loudest = *std::max_element(ear.heard.begin(), ear.heard.end());
  CHECK(loudest == 32'767);
  CHECK(level(ear, 500) > 32'767);
}

TEST_CASE("voice mix: one too many is refused, and who is taken out is heard no more") {
  std::vector<std::unique_ptr<SharedVoice>> voices;
  VoiceMix mix;
  for (std::size_t i = 0; i < VoiceMix::kMostVoices; ++i) {
    voices.push_back(std::make_unique<SharedVoice>(nullptr, 8'000));
    CHECK(mix.add(*voices.back()));
  }
  SharedVoice late(nullptr, 8'000);
  CHECK_FALSE(mix.add(late));
  mix.remove(*voices[3]);
  CHECK(mix.add(late));
  for (const auto& voice : voices) mix.remove(*voice);
  mix.remove(late);
  CHECK(mix.empty());
}
