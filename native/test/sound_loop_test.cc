#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "engine/sound_loop.h"
#include "support/signal.h"

using namespace offhook;

namespace {

/// What is heard of it in `frames` of 20 ms over silence.
std::vector<std::int16_t> listen(SoundLoop& loop, std::size_t frames, bool speech = false) {
  std::vector<std::int16_t> heard;
  for (std::size_t i = 0; i < frames; ++i) {
    std::array<std::int16_t, kFrameSamples> frame{};
    loop.add_to(frame, speech);
    heard.insert(heard.end(), frame.begin(), frame.end());
  }
  return heard;
}

std::int16_t last(std::span<const std::int16_t> samples) { return samples.back(); }

}  // namespace

TEST_CASE("sound loop: it begins softly, goes round without a gap, and is added to what there is") {
  const Sound sound = test::sine(500, kAudioRateHz, 8'000, 1'600);
  SoundLoop loop;
  loop.play(&sound, 1, 1);
  const auto heard = listen(loop, 100);
  CHECK(test::rms(std::span(heard).first(160)) < 200);
  CHECK(test::amplitude_at(std::span(heard).last(16'000), 500, kAudioRateHz) == doctest::Approx(8'000).epsilon(0.01));
  std::array<std::int16_t, kFrameSamples> frame;
  frame.fill(32'000);
  loop.add_to(frame, false);
  CHECK(*std::max_element(frame.begin(), frame.end()) == 32'767);
}

TEST_CASE("sound loop: it gives way to speech at once, through the pauses between words, and comes back a second after the last") {
  const Sound sound(kAudioRateHz, 10'000);
  SoundLoop loop;
  loop.play(&sound, 0.5F, 0.1F);
  CHECK(last(listen(loop, 50)) == doctest::Approx(5'000).epsilon(0.01));
  CHECK(last(listen(loop, 6, true)) == doctest::Approx(1'000).epsilon(0.01));
  CHECK(last(listen(loop, 40)) == doctest::Approx(1'000).epsilon(0.01));
  CHECK(last(listen(loop, 1, true)) == doctest::Approx(1'000).epsilon(0.01));
  CHECK(last(listen(loop, 49)) == doctest::Approx(1'000).epsilon(0.01));
  CHECK(last(listen(loop, 27)) == doctest::Approx(5'000).epsilon(0.01));
}

TEST_CASE("sound loop: another level is reached in place, another sound begins anew, none is silent") {
  const Sound sound(kAudioRateHz, 10'000);
  const Sound empty;
  SoundLoop loop;
  CHECK(last(listen(loop, 1)) == 0);
  loop.play(&sound, 0.5F, 0.5F);
  listen(loop, 30);
  loop.play(&sound, 1, 1);
  const auto louder = listen(loop, 30);
  CHECK(louder.front() == doctest::Approx(5'000).epsilon(0.01));
  CHECK(louder.back() == doctest::Approx(10'000).epsilon(0.01));
  loop.play(&empty, 1, 1);
  CHECK(last(listen(loop, 1)) == 0);
  loop.play(&sound, 1, 1);
  CHECK(listen(loop, 1).front() < 10);
  loop.play(nullptr, 1, 1);
  CHECK(last(listen(loop, 1)) == 0);
}
