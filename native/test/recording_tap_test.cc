#include "engine/recording_tap.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <vector>

#include "test/support/wav_reader.h"

namespace offhook {
namespace {

using Samples = std::vector<std::int16_t>;

constexpr MonotonicNs kFrameNs = 20 * kNsPerMs;
constexpr MonotonicNs kStart = 1'000 * kNsPerSecond;

/// One recording with its tap; time is frames of 20 ms since the start.
class Tape {
 public:
  Tape() { begin(); }

  void begin() {
    std::string error;
    auto* recording = recorder_.open(directory_.path("call.wav"), kAudioRateHz, error);
    REQUIRE_MESSAGE(recording != nullptr, error);
    tap.start(recording, kStart);
  }

  /// What arrives in this frame has its number as samples, and so has what is sent, negative.
  void frame(int number) {
    heard(number, number);
    Samples samples(kFrameSamples, static_cast<std::int16_t>(-number - 1));
    tap.sent(std::span(samples).first<kFrameSamples>(), kStart + number * kFrameNs);
  }

  void heard(int number, int arrival) {
    const Samples samples(kFrameSamples, static_cast<std::int16_t>(number + 1));
    tap.heard(samples, kStart + arrival * kFrameNs);
  }

  test::Wav done() {
    std::promise<void> closed;
    recorder_.close(tap.stop(), [&](const WavRecorder::Result&) { closed.set_value(); });
    closed.get_future().wait();
    return test::read_wav(directory_.path("call.wav"));
  }

  RecordingTap tap;

 private:
  test::TempDir directory_;
  WavRecorder recorder_;
};

/// The sample that each frame is filled with.
std::vector<int> frames_of(const Samples& side) {
  std::vector<int> frames;
  for (std::size_t at = 0; at < side.size(); at += kFrameSamples) {
    const auto end = side.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(side.size(), at + kFrameSamples));
    CHECK(std::all_of(side.begin() + static_cast<std::ptrdiff_t>(at), end, [&](std::int16_t sample) { return sample == side[at]; }));
    frames.push_back(side[at]);
  }
  return frames;
}

constexpr MonotonicNs at_frame(int number) { return kStart + number * kFrameNs; }

TEST_CASE("a pause keeps its length as silence on both sides") {
  Tape tape;
  for (int i = 0; i < 8; ++i) {
    if (i == 2) tape.tap.pause();
    if (i == 5) tape.tap.resume(at_frame(i));
    tape.frame(i);
  }
  const auto wav = tape.done();
  CHECK(frames_of(wav.left) == std::vector<int>{1, 2, 0, 0, 0, 6, 7, 8});
  CHECK(frames_of(wav.right) == std::vector<int>{-1, -2, 0, 0, 0, -6, -7, -8});
}

TEST_CASE("a pause that nothing follows has its length too") {
  Tape tape;
  for (int i = 0; i < 6; ++i) {
    if (i == 2) tape.tap.pause();
    tape.frame(i);
  }
  CHECK(frames_of(tape.done().right) == std::vector<int>{-1, -2, 0, 0, 0, 0});
}

TEST_CASE("what was said in a pause does not get in after it: neither held back here, nor by the network") {
  Tape tape;
  tape.frame(0);
  tape.frame(1);
  tape.tap.pause();
  tape.tap.resume(at_frame(4));
  tape.heard(2, 3);   // arrived in the pause, waited for a gap
  tape.heard(3, 4);   // arrives late: by its place it was said in the pause
  tape.heard(4, 4);
  for (int i = 5; i < 7; ++i) tape.frame(i);
  CHECK(frames_of(tape.done().left) == std::vector<int>{1, 2, 0, 0, 5, 6, 7});
}

TEST_CASE("the end of a pause in the middle of a frame lets in what lies behind it") {
  Tape tape;
  tape.frame(0);
  tape.tap.pause();
  tape.frame(1);
  tape.tap.resume(at_frame(2) + kFrameNs / 2);
  tape.heard(2, 3);
  const auto left = tape.done().left;
  REQUIRE(left.size() == 3 * kFrameSamples);
  CHECK(std::all_of(left.begin() + kFrameSamples, left.begin() + 2 * kFrameSamples + kFrameSamples / 2, [](auto sample) { return sample == 0; }));
  CHECK(std::all_of(left.begin() + 2 * kFrameSamples + kFrameSamples / 2, left.end(), [](auto sample) { return sample == 3; }));
}

TEST_CASE("the far end's silence in a pause, as on hold, tears nothing apart afterwards") {
  Tape tape;
  tape.frame(0);
  tape.tap.pause();
  tape.tap.resume(at_frame(100));
  for (int i = 100; i < 103; ++i) tape.frame(i);
  const auto frames = frames_of(tape.done().left);
  REQUIRE(frames.size() == 103);
  CHECK(frames[0] == 1);
  CHECK(std::all_of(frames.begin() + 1, frames.begin() + 100, [](int sample) { return sample == 0; }));
  CHECK(std::vector(frames.begin() + 100, frames.end()) == std::vector<int>{101, 102, 103});
}

TEST_CASE("a recording is not paused because the one before it was; going on without a pause changes nothing") {
  Tape tape;
  tape.tap.pause();
  tape.frame(0);
  CHECK(frames_of(tape.done().right) == std::vector<int>{0});
  tape.begin();
  tape.frame(0);
  tape.tap.resume(at_frame(50));
  tape.frame(1);
  CHECK(frames_of(tape.done().left) == std::vector<int>{1, 2});
}

}  // namespace
}  // namespace offhook
