#include "engine/receiver.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "dsp/g711.h"
#include "engine/sender.h"
#include "test/support/signal.h"

using namespace offhook;
using Samples = std::vector<std::int16_t>;

namespace {

constexpr std::uint32_t kRing = 1U << 18U;
constexpr std::size_t kHeader = 64;

struct Nobody final : EventSink {
  void emit(const Event& /*event*/) noexcept override {}
};

/// One session's receiving half, a far end that speaks to it, and what a machine hears.
class Line {
 public:
  explicit Line(CodecKind kind = CodecKind::pcma, std::uint32_t clock_rate_hz = 8'000) { agree(kind, clock_rate_hz); }

  void agree(CodecKind kind, std::uint32_t clock_rate_hz) {
    auto agreed = std::make_unique<SessionConfig>();
    agreed->codec = make_line_codec(kind);
    agreed->payload_type = 8;
    agreed->clock_rate_hz = clock_rate_hz;
    agreed->event_payload_type = 101;
    agreed->announced = from_;
    receiver_.configure(*agreed, true, at_);
    config = std::move(agreed);
  }

  /// A packet, `later_ms` after the last thing that happened.
  void packet(std::uint16_t sequence, std::uint32_t timestamp, std::span<const std::uint8_t> payload, double later_ms = 20,
              std::uint8_t payload_type = 8) {
    at_ += static_cast<MonotonicNs>(later_ms * 1e6);
    std::vector<std::uint8_t> datagram(kRtpHeaderBytes + payload.size());
    static_cast<void>(write_rtp_header(datagram, {.payload_type = payload_type, .marker = false, .sequence = sequence, .timestamp = timestamp, .ssrc = ssrc}));
    std::copy(payload.begin(), payload.end(), datagram.begin() + kRtpHeaderBytes);
    receiver_.on_datagram(datagram, from_, at_);
  }

  void wait(double ms) {
    at_ += static_cast<MonotonicNs>(ms * 1e6);
    receiver_.poll(at_);
  }

  [[nodiscard]] std::size_t heard() const { return heard_.count(); }
  [[nodiscard]] Samples newest(std::size_t samples) const {
    Samples out(samples);
    const auto* ring = reinterpret_cast<const std::int16_t*>(memory_.data()) + kHeader / 2;
    for (std::size_t i = 0; i < samples; ++i) out[i] = ring[(heard() - samples + i) % kRing];
    return out;
  }

  std::uint32_t ssrc{7};
  SessionCounters counters;
  std::unique_ptr<SessionConfig> config;

 private:
  const Endpoint from_ = *Endpoint::parse("192.0.2.1", 4'000, AF_INET);
  MonotonicNs at_{1'000 * kNsPerSecond};
  std::vector<std::uint64_t> memory_ = std::vector<std::uint64_t>((kHeader + kRing * 2) / 8);
  Nobody events_;
  HeardAudio heard_{{.base = reinterpret_cast<std::uint8_t*>(memory_.data()), .header_bytes = kHeader, .ring_samples = kRing}, 1};
  RecordingTap tap_;
  EchoCanceller canceller_;
  OwnPresses own_presses_;
  Receiver receiver_{0, 1, heard_, canceller_, counters, own_presses_, tap_, events_};
};

/// A tone of 400 Hz in A-law, whole periods in any 10 ms.
std::vector<std::uint8_t> tone(std::size_t samples) {
  std::vector<std::uint8_t> codes(samples);
  alaw_encode(test::sine(400, 8'000, 8'000, samples), codes.data());
  return codes;
}

double loudness(const Samples& samples) { return test::amplitude_at(samples, 400, kAudioRateHz); }

}  // namespace

TEST_CASE("receiver: what comes in order is heard on arrival, in packets of 10 to 60 ms, across the wraps of both counters") {
  for (const std::size_t ptime_ms : {10U, 20U, 30U, 40U, 60U}) {
    CAPTURE(ptime_ms);
    Line line;
    const auto payload = tone(8 * ptime_ms);
    auto sequence = static_cast<std::uint16_t>(65'500);
    auto timestamp = static_cast<std::uint32_t>(0U - 50 * payload.size());
    for (std::size_t i = 1; i <= 100; ++i) {
      line.packet(sequence++, timestamp, payload, static_cast<double>(ptime_ms));
      timestamp += static_cast<std::uint32_t>(payload.size());
      REQUIRE(line.heard() == i * 2 * payload.size());
    }
    CHECK(loudness(line.newest(8'000)) > 7'500);
    CHECK(line.counters.concealed_samples.get() == 0);
    CHECK(line.counters.packets_lost.get() == 0);
  }
}

TEST_CASE("receiver: only a confirmed hole is made up; reordering and duplicates cost nothing") {
  Line line;
  const auto payload = tone(160);
  std::uint16_t sequence = 1;
  const auto send = [&](std::uint16_t number, double later_ms = 20) { line.packet(number, number * 160U, payload, later_ms); };
  for (; sequence <= 50; ++sequence) send(sequence);
  send(52);
  send(52, 1);
  CHECK(line.heard() == 50 * 320);
  send(51, 5);
  CHECK(line.heard() == 52 * 320);
  CHECK(line.counters.concealed_samples.get() == 0);
  CHECK(line.counters.packets_duplicate.get() == 1);
  send(54);
  CHECK(line.heard() == 52 * 320);
  line.wait(60);
  CHECK(line.heard() == 54 * 320);
  CHECK(line.counters.concealed_samples.get() == 320);
  CHECK(line.counters.packets_lost.get() == 1);
  CHECK(loudness(line.newest(640)) > 6'000);
}

TEST_CASE("receiver: a pause of the far end is silence of its length, and neither loss nor concealment") {
  for (const bool with_word : {false, true}) {
    CAPTURE(with_word);
    Line line;
    const auto payload = tone(160);
    std::uint16_t sequence = 1;
    for (; sequence <= 50; ++sequence) line.packet(sequence, sequence * 160U, payload);
    // Comfort noise (RFC 3389) has a payload type of its own.
    if (with_word) line.packet(sequence++, 51 * 160, std::array<std::uint8_t, 1>{90}, 20, 13);
    line.packet(sequence, 76 * 160, payload, with_word ? 500 : 520);
    CHECK(line.heard() == 76 * 320);
    CHECK(line.counters.concealed_samples.get() == 0);
    CHECK(line.counters.packets_lost.get() == 0);
    const Samples pause = line.newest(320 * 25);
    CHECK(test::rms(std::span(pause).first(320 * 20)) < 20);
    CHECK(loudness(line.newest(320)) > 6'000);
  }
}

TEST_CASE("receiver: timestamps that jump add a second of silence at most, and none backwards") {
  for (const std::int64_t jump : {std::int64_t{8'000 * 30}, std::int64_t{0x7000'0000}, std::int64_t{-8'000 * 30}}) {
    CAPTURE(jump);
    Line line;
    const auto payload = tone(160);
    for (std::uint16_t i = 1; i <= 50; ++i) line.packet(i, i * 160U, payload);
    for (std::uint16_t i = 51; i <= 100; ++i) line.packet(i, static_cast<std::uint32_t>(i * 160 + jump), payload);
    CHECK(line.heard() >= 100 * 320);
    CHECK(line.heard() <= 100 * 320 + (jump > 0 ? 16'000 : 0));
    CHECK(line.counters.concealed_samples.get() == 0);
    CHECK(loudness(line.newest(40 * 320)) > 7'500);
  }
}

TEST_CASE("receiver: timestamps or numbers that jump again and again do not make time of nothing") {
  for (const bool numbers : {false, true}) {
    CAPTURE(numbers);
    Line line;
    const auto payload = tone(160);
    for (std::uint32_t i = 1; i <= 250; ++i) {
      const std::uint32_t jumps = i / 5;
      const std::uint32_t number = numbers ? i + jumps * 30 : i;
      line.packet(static_cast<std::uint16_t>(number), number * 160 + (numbers ? 0 : jumps * 8'000 * 60), payload);
    }
    line.wait(100);
    // Five seconds of packets: all of them are heard, and a second more at most.
    CHECK(line.heard() >= 250 * 320);
    CHECK(line.heard() <= 250 * 320 + 16'000);
  }
}

TEST_CASE("receiver: what a stall held back keeps its pauses, up to five seconds of it") {
  Line line;
  const auto payload = tone(160);
  for (std::uint16_t i = 1; i <= 50; ++i) line.packet(i, i * 160U, payload);
  // Four seconds in which nothing comes; then all that was said meanwhile, a word of 100 ms each half second.
  std::uint16_t sequence = 51;
  for (std::uint32_t word = 0; word < 8; ++word) {
    for (std::uint32_t i = 0; i < 5; ++i) line.packet(sequence++, (51 + word * 25 + i) * 160, payload, word + i == 0 ? 4'020 : 0);
  }
  CHECK(line.heard() == (50 + 7 * 25 + 5) * 320);
  CHECK(line.counters.concealed_samples.get() == 0);
}

TEST_CASE("receiver: a clock that is fast for an hour does not eat the pauses") {
  Line line;
  const auto payload = tone(160);
  std::uint16_t sequence = 1;
  std::uint32_t timestamp = 160;
  for (int i = 0; i < 180'000; ++i) line.packet(sequence++, timestamp += 160, payload, 19.99);
  const std::size_t before = line.heard();
  line.packet(sequence, timestamp + 160 * 30, payload, 19.99 * 30);
  // Less what the clock is fast by.
  CHECK(line.heard() <= before + 30 * 320);
  CHECK(line.heard() > before + 29 * 320);
}

TEST_CASE("receiver: a new source is heard at once, and what the old one said last is not forgotten") {
  Line line;
  const auto payload = tone(160);
  for (std::uint16_t i = 1; i <= 50; ++i) line.packet(i, i * 160U, payload);
  line.packet(52, 52 * 160, payload);
  CHECK(line.heard() == 50 * 320);
  line.ssrc = 8;
  line.packet(9'000, 77, payload, 5);
  CHECK(line.heard() == 53 * 320);
  CHECK(line.counters.packets_lost.get() == 1);
  for (std::uint16_t i = 1; i <= 50; ++i) line.packet(static_cast<std::uint16_t>(9'000 + i), 77 + i * 160U, payload);
  CHECK(line.heard() == 103 * 320);
}

TEST_CASE("receiver: numbers that jump are followed from the second packet on") {
  Line line;
  const auto payload = tone(160);
  for (std::uint16_t i = 1; i <= 50; ++i) line.packet(i, i * 160U, payload);
  for (std::uint16_t i = 0; i < 50; ++i) line.packet(static_cast<std::uint16_t>(20'000 + i), (51U + i) * 160U, payload);
  CHECK(line.heard() == 99 * 320);
  CHECK(line.counters.packets_late.get() == 1);
}

TEST_CASE("receiver: another codec agreed on in the middle of the stream is heard from its first packet on") {
  Line line;
  const auto payload = tone(160);
  for (std::uint16_t i = 1; i <= 50; ++i) line.packet(i, i * 160U, payload);
  line.agree(CodecKind::opus, 48'000);
  const auto encoder = make_line_codec(CodecKind::opus);
  const Samples speech = test::sine(400, kAudioRateHz, 8'000, 320 * 50);
  std::vector<std::uint8_t> coded(1'000);
  for (std::uint16_t i = 0; i < 50; ++i) {
    const std::size_t bytes = encoder->encode(std::span(speech).subspan(i * 320U, 320).first<kFrameSamples>(), coded);
    line.packet(static_cast<std::uint16_t>(51 + i), 9'999 + i * 960U, std::span(coded).first(bytes));
  }
  CHECK(line.heard() == 100 * 320);
  CHECK(loudness(line.newest(25 * 320)) > 7'000);
  CHECK(line.counters.concealed_samples.get() == 0);
}
