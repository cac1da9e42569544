#include <doctest/doctest.h>

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/media_engine.h"
#include "support/signal.h"
#include "support/wav_reader.h"

using namespace offhook;

namespace {

constexpr std::uint32_t kSlots = 5;
constexpr std::size_t kRing = 1U << 16U;
constexpr std::size_t kHeader = 64;

/// An engine on loopback whose events are kept.
struct Bench {
  std::vector<std::uint64_t> memory = std::vector<std::uint64_t>(kSlots * (kHeader + kRing * 2) / 8);
  std::vector<Event> events;
  std::vector<MediaEngine::ClosedRecording> recordings;
  MediaEngine engine{options(), [] {}};

  EngineOptions options() {
    EngineOptions options;
    options.bind_address = *Endpoint::parse("127.0.0.1", 0, AF_INET);
    options.port_min = 31'000;
    options.port_max = 31'999;
    options.capacity = kSlots;
    options.audio_memory = reinterpret_cast<std::uint8_t*>(memory.data());
    options.slot_bytes = kHeader + kRing * 2;
    options.header_bytes = kHeader;
    options.ring_samples = kRing;
    return options;
  }

  bool until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
      engine.dispatch([this](const Event& event) { events.push_back(event); },
                      [this](const MediaEngine::ClosedRecording& recording) { recordings.push_back(recording); });
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

  [[nodiscard]] std::size_t count(Event::Type type) const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [type](const Event& event) { return event.type == type; }));
  }
};

std::unique_ptr<SessionConfig> config_for(CodecKind kind, std::uint16_t port, bool fresh = true) {
  auto config = std::make_unique<SessionConfig>();
  if (fresh) {
    config->make_codec = [kind] { return make_line_codec(kind); };
    config->codec = config->make_codec();
  }
  config->event_payload_type = 101;
  config->announced = Endpoint::parse("127.0.0.1", port, AF_INET);
  return config;
}

std::vector<std::int16_t> tone(std::size_t samples) {
  std::vector<std::int16_t> out(samples);
  for (std::size_t i = 0; i < samples; ++i) out[i] = static_cast<std::int16_t>(8'000 * std::sin(0.17 * static_cast<double>(i)));
  return out;
}

}  // namespace

TEST_CASE("two sessions talk to each other, press keys, are recorded and end cleanly") {
  Bench bench;
  Session* a = bench.engine.open();
  Session* b = bench.engine.open();
  REQUIRE(a != nullptr);
  REQUIRE(b != nullptr);
  bench.engine.configure(*a, config_for(CodecKind::pcma, b->sockets.rtp_port));
  bench.engine.configure(*b, config_for(CodecKind::pcma, a->sockets.rtp_port));
  bench.engine.configure(*a, config_for(CodecKind::pcma, b->sockets.rtp_port, false));
  bench.engine.set_source(*b, Source::echo, {});
  const test::TempDir dir;
  const std::string path = dir.path("call.wav");
  CHECK_FALSE(bench.engine.start_recording(*a, path));
  CHECK(bench.engine.start_recording(*b, "/no/such/directory/x.wav"));
  CHECK(a->write(tone(24'000), 48'000) > 7'900);
  a->playout.mark();
  CHECK(a->write(tone(4'000), 8'000) > 15'900);
  CHECK(a->write(tone(10), 12'345) == -1);
  bench.engine.send_digit(*a, {.digit = '5', .duration_ms = 60, .gap_ms = 20, .position = a->playout.end(), .queue_generation = a->playout.generation()});
  CHECK(bench.until([&] { return bench.count(Event::Type::digit) == 1 && bench.count(Event::Type::drained) == 1; }));
  CHECK(bench.count(Event::Type::mark) == 1);
  CHECK(bench.count(Event::Type::latched) == 2);
  bench.engine.close(*a);
  bench.engine.close(*a);
  bench.engine.close(*b);
  CHECK(bench.until([&] { return bench.engine.open_sessions() == 0 && bench.recordings.size() == 1; }));
  CHECK(bench.recordings[0].result.error.empty());
  CHECK(bench.recordings[0].result.duration_samples > 16'000);
  CHECK(std::filesystem::file_size(path) == 44 + 4 * static_cast<std::uint64_t>(bench.recordings[0].result.duration_samples));
}

TEST_CASE("bridged sessions carry speech and key presses both ways, each with its own codec and keys, until one of them ends") {
  Bench bench;
  std::array<Session*, 4> sessions{};
  for (auto& session : sessions) {
    session = bench.engine.open();
    REQUIRE(session != nullptr);
  }
  const auto [left_phone, left, right, right_phone] = sessions;
  const auto connect = [&](Session& one, Session& other, CodecKind kind, bool secured) {
    auto config = config_for(kind, other.sockets.rtp_port);
    if (kind == CodecKind::opus) config->clock_rate_hz = 48'000;
    if (secured) {
      const std::vector<std::uint8_t> key(30, 7);
      config->secured = true;
      config->srtp_in = SrtpReceiver::create(SrtpSuite::aes_cm_128_hmac_sha1_80, key);
      config->srtp_out = SrtpSender::create(SrtpSuite::aes_cm_128_hmac_sha1_80, key);
    }
    bench.engine.configure(one, std::move(config));
  };
  connect(*left_phone, *left, CodecKind::pcma, false);
  connect(*left, *left_phone, CodecKind::pcma, false);
  connect(*right, *right_phone, CodecKind::opus, true);
  connect(*right_phone, *right, CodecKind::opus, true);
  const auto written = [&](const Session& session) {
    return std::atomic_ref(reinterpret_cast<std::uint32_t*>(bench.memory.data())[session.slot * (kHeader + kRing * 2) / 4 + 1]).load();
  };
  /// How loud `hz` is in the newest 200 ms heard.
  const auto loudness = [&](const Session& session, double hz) {
    const std::uint32_t end = written(session);
    if (end < 6'400) return 0.0;
    const auto* ring = reinterpret_cast<const std::int16_t*>(bench.memory.data()) + (session.slot * (kHeader + kRing * 2) + kHeader) / 2;
    std::vector<std::int16_t> newest(3'200);
    for (std::uint32_t i = 0; i < newest.size(); ++i) newest[i] = ring[(end - 3'200 + i) % kRing];
    return test::amplitude_at(newest, hz, kAudioRateHz);
  };
  bench.engine.set_source(*left_phone, Source::tone, {.steps = {{{{440}, 0}}}, .count = 1});
  bench.engine.set_source(*right_phone, Source::tone, {.steps = {{{{1'000}, 0}}}, .count = 1});
  bench.engine.bridge(*left, *left);
  bench.engine.bridge(*left, *right);
  CHECK(bench.until([&] { return loudness(*right_phone, 440) > 6'000 && loudness(*left_phone, 1'000) > 6'000; }));
  CHECK(loudness(*right_phone, 1'000) < 500);
  CHECK(loudness(*left_phone, 440) < 500);
  bench.engine.send_digit(*left_phone, {.digit = '7', .duration_ms = 100});
  CHECK(bench.until([&] {
    return std::count_if(bench.events.begin(), bench.events.end(), [&](const Event& event) {
             return event.type == Event::Type::digit && event.digit == '7' && event.slot == right_phone->slot;
           }) == 1;
  }));
  // The other way round, in place: a bridge begun anew is the same bridge.
  bench.engine.bridge(*right, *left);
  bench.engine.close(*right);
  bench.engine.bridge(*left, *right);
  CHECK(bench.until([&] { return loudness(*left_phone, 1'000) < 100; }));
  left->write(tone(32'000), 16'000);
  CHECK(bench.until([&] { return loudness(*left_phone, 0.17 * 16'000 / 6.283185) > 6'000; }));
  bench.engine.set_source(*left, Source::tone, {.steps = {{{{425}, 400}, {{}, 1'000}}}, .count = 2});
  CHECK(bench.until([&] { return loudness(*left_phone, 425) > 6'000; }));
  CHECK(bench.until([&] { return loudness(*left_phone, 425) < 100; }));
  for (Session* session : {left_phone, left, right_phone}) bench.engine.close(*session);
  CHECK(bench.until([&] { return bench.engine.open_sessions() == 0; }));
}

TEST_CASE("garbage of every size, from the right source and from others, does no harm") {
  Bench bench;
  for (const CodecKind kind : {CodecKind::pcmu, CodecKind::opus}) {
    Session* session = bench.engine.open();
    REQUIRE(session != nullptr);
    const int sender = socket(AF_INET, SOCK_DGRAM, 0);
    Endpoint local = *Endpoint::parse("127.0.0.1", 0, AF_INET);
    REQUIRE(bind(sender, &local.any, local.size()) == 0);
    socklen_t size = sizeof local;
    getsockname(sender, &local.any, &size);
    bench.engine.configure(*session, config_for(kind, local.port()));
    bench.engine.set_source(*session, Source::echo, {});
    const Endpoint to = *Endpoint::parse("127.0.0.1", session->sockets.rtp_port, AF_INET);
    std::mt19937 random(static_cast<unsigned>(kind));
    std::vector<std::uint8_t> datagram;
    for (int i = 0; i < 3'000; ++i) {
      datagram.resize(random() % (i % 100 == 0 ? 4'000 : 300));
      for (auto& byte : datagram) byte = static_cast<std::uint8_t>(random());
      if (datagram.size() > 12 && i % 4 != 0) {
        datagram[0] = static_cast<std::uint8_t>(0x80U | (random() % 8 == 0 ? random() & 0x3FU : 0U));
        datagram[1] = static_cast<std::uint8_t>(i % 9 == 0 ? 101 : 0);
        if (i % 3 != 0) {
          datagram[2] = static_cast<std::uint8_t>(i >> 8);
          datagram[3] = static_cast<std::uint8_t>(i);
          datagram[8] = datagram[9] = datagram[10] = datagram[11] = 1;
        }
      }
      sendto(sender, datagram.data(), datagram.size(), 0, &to.any, to.size());
      if (i % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    CHECK(bench.until([&] { return session->counters.packets_malformed.get() > 100 && session->counters.packets_received.get() > 100; }));
    ::close(sender);
    bench.engine.close(*session);
  }
  CHECK(bench.until([&] { return bench.engine.open_sessions() == 0; }));
}

TEST_CASE("an engine that is taken down with calls running leaves nothing behind") {
  auto bench = std::make_unique<Bench>();
  Session* a = bench->engine.open();
  REQUIRE(a != nullptr);
  const test::TempDir dir;
  const std::string path = dir.path("call.wav");
  bench->engine.configure(*a, config_for(CodecKind::pcmu, 9));
  bench->engine.set_source(*a, Source::tone, {.steps = {{{{440}, 0}}}, .count = 1});
  CHECK_FALSE(bench->engine.start_recording(*a, path));
  CHECK(bench->until([&] { return a->counters.packets_sent.get() > 10; }));
  bench->engine.configure(*a, config_for(CodecKind::opus, 9));
  bench.reset();
  CHECK(std::filesystem::file_size(path) > 44 + 4 * 3'200);
}
