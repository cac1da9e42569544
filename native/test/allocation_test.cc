#include <doctest/doctest.h>

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <string>
#include <vector>

#include "support/loopback_engine.h"
#include "support/wav_reader.h"

// The sanitizer's own hooks: they see every allocation there is, of libraries too.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                                         void (*on_free)(const volatile void*));

using namespace offhook;

namespace {

/// -1: nobody is watched.
std::atomic<pid_t> watched{-1};
std::atomic<pid_t> media_thread{-1};
std::atomic<std::uint64_t> allocations{0};

void count_here() {
  const pid_t thread = watched.load(std::memory_order_relaxed);
  if (thread >= 0 && gettid() == thread) allocations.fetch_add(1, std::memory_order_relaxed);
}

/// Engine's wake-up: runs on the media thread, and on the recorder's.
void note_media_thread() {
  std::array<char, 16> name{};
  pthread_getname_np(pthread_self(), name.data(), name.size());
  if (std::strcmp(name.data(), "offhook-media") == 0) media_thread.store(gettid());
}

struct Line {
  CodecKind kind;
  std::optional<SrtpSuite> suite;
  bool in_band_digits{false};
};
constexpr std::array<Line, 8> kLines{{{CodecKind::pcmu, {}},
                                      {CodecKind::pcma, SrtpSuite::aes_cm_128_hmac_sha1_80},
                                      {CodecKind::g722, SrtpSuite::aes_cm_128_hmac_sha1_32},
                                      {CodecKind::opus, SrtpSuite::aead_aes_128_gcm},
                                      {CodecKind::opus, {}},
                                      {CodecKind::pcmu, SrtpSuite::aead_aes_256_gcm},
                                      {CodecKind::pcma, {}, true},
                                      {CodecKind::g722, {}}}};

void configure(test::LoopbackEngine& loopback, Session& session, const Line& line, std::uint16_t port) {
  auto config = test::config_for(line.kind, port);
  config->tracks_tones = true;
  config->in_band_digits = line.in_band_digits;
  if (line.in_band_digits) config->event_payload_type.reset();
  config->echo = EchoMode::automatic;
  if (line.suite) {
    const SrtpSuiteShape& shape = shape_of(*line.suite);
    const std::vector<std::uint8_t> key(shape.key_bytes + shape.salt_bytes, 7);
    config->secured = true;
    config->srtp_in = SrtpReceiver::create(*line.suite, key);
    config->srtp_out = SrtpSender::create(*line.suite, key);
  }
  loopback.engine.configure(session, std::move(config));
}

/// Packets of a phone with every seventh lost, every eleventh twice, some out of order and some that are no packets.
class LossyPhone {
 public:
  LossyPhone() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)), local_(*Endpoint::parse("127.0.0.1", 0, AF_INET)) {
    REQUIRE(bind(socket_, &local_.any, local_.size()) == 0);
    socklen_t size = sizeof local_;
    getsockname(socket_, &local_.any, &size);
  }
  ~LossyPhone() { ::close(socket_); }
  LossyPhone(const LossyPhone&) = delete;
  LossyPhone& operator=(const LossyPhone&) = delete;

  [[nodiscard]] std::uint16_t port() const { return local_.port(); }

  void send_next(std::uint16_t to_port) {
    sequence_ += 1;
    const std::uint32_t swapped = sequence_ % 13 == 0 ? sequence_ + 1 : sequence_ % 13 == 1 ? sequence_ - 1 : sequence_;
    if (sequence_ % 7 == 0) return;
    send(to_port, swapped, 172);
    if (sequence_ % 11 == 0) send(to_port, swapped, 172);
    if (sequence_ % 5 == 0) send(to_port, swapped, sequence_ % 40);
  }

 private:
  void send(std::uint16_t to_port, std::uint32_t number, std::size_t bytes) {
    std::array<std::uint8_t, 172> packet;
    packet.fill(static_cast<std::uint8_t>(number));
    const RtpHeader header{.sequence = static_cast<std::uint16_t>(number), .timestamp = number * 160, .ssrc = 1};
    static_cast<void>(write_rtp_header(packet, header));
    const Endpoint to = *Endpoint::parse("127.0.0.1", to_port, AF_INET);
    sendto(socket_, packet.data(), bytes, 0, &to.any, to.size());
  }

  const int socket_;
  Endpoint local_;
  std::uint32_t sequence_{1};
};

/// Everything a call can ask of the media thread, from its beginning to its end.
void live_through(test::LoopbackEngine& loopback, const std::string& recording) {
  std::vector<Session*> sessions;
  for (std::size_t i = 0; i < 2 * kLines.size() + 1; ++i) {
    sessions.push_back(loopback.engine.open());
    REQUIRE(sessions.back() != nullptr);
  }
  for (std::size_t i = 0; i < kLines.size(); ++i) {
    Session& agent = *sessions[2 * i];
    Session& phone = *sessions[2 * i + 1];
    configure(loopback, agent, kLines[i], phone.sockets.rtp_port);
    configure(loopback, phone, kLines[i], agent.sockets.rtp_port);
    loopback.engine.set_source(phone, i % 2 == 0 ? Source::echo : Source::tone, {.steps = {{{{440}, 120}, {{}, 80}}}, .count = 2});
    static_cast<void>(agent.write(std::vector<std::int16_t>(16'000, 3'000), 16'000));
    agent.playout.mark();
    loopback.engine.set_gain(agent, 0.5F, 800);
  }
  Session& victim = *sessions.back();
  LossyPhone lossy;
  configure(loopback, victim, kLines[0], lossy.port());
  REQUIRE_FALSE(loopback.engine.start_recording(*sessions[0], recording + ".0"));
  REQUIRE_FALSE(loopback.engine.start_recording(victim, recording + ".1"));
  loopback.engine.send_digit(*sessions[2], {.digit = '5', .duration_ms = 60, .gap_ms = 20});
  loopback.engine.send_digit(*sessions[12], {.digit = '6', .duration_ms = 80, .gap_ms = 40});

  const auto heard = [&](std::uint64_t packets) {
    return loopback.until([&] {
      lossy.send_next(victim.sockets.rtp_port);
      return std::all_of(sessions.begin(), sessions.end(),
                         [&](const Session* session) { return session->counters.packets_received.get() >= packets; });
    });
  };
  CHECK(heard(15));
  loopback.engine.bridge(*sessions[0], *sessions[8]);
  loopback.engine.bridge(*sessions[4], victim);
  for (Session* listener : {sessions[6], sessions[10]}) {
    for (Session* talker : {sessions[6], sessions[10], sessions[12]}) loopback.engine.hear(*listener, *talker);
    loopback.engine.hear(*listener, *sessions[2], Hearing::told);
  }
  loopback.engine.monitor(victim, true);
  const auto music = std::make_shared<const Sound>(16'000, 1'000);
  loopback.engine.set_source(*sessions[12], music, 0.5F);
  loopback.engine.set_background(*sessions[14], music, 0.5F, 0.1F);
  loopback.engine.inject(*sessions[2], std::vector<std::int16_t>(160'000, 3'000), 8'000);
  loopback.engine.pause_recording(victim, true);
  sessions[6]->flush(160);
  CHECK(heard(30));
  loopback.engine.pause_recording(victim, false);
  configure(loopback, *sessions[6], kLines[0], sessions[7]->sockets.rtp_port);
  loopback.engine.set_source(*sessions[0], Source::queue, {});
  loopback.engine.unhear(*sessions[6], *sessions[10]);
  loopback.engine.unhear(*sessions[6], *sessions[2], Hearing::told);
  CHECK(victim.monitor->readable() > 0);
  loopback.engine.monitor(victim, false);
  CHECK(loopback.until([&] { return victim.counters.concealed_samples.get() > 0; }));
  // What listens for tones and for key presses has heard some.
  CHECK(loopback.until([&] { return loopback.count(Event::Type::tone) > 0; }));
  const auto presses = [&](char digit) {
    return std::any_of(loopback.events.begin(), loopback.events.end(),
                       [digit](const Event& event) { return event.type == Event::Type::digit && event.digit == digit; });
  };
  CHECK(loopback.until([&] { return presses('5') && presses('6'); }));
  loopback.events.clear();
  loopback.engine.stop_recording(*sessions[0]);
  for (Session* session : sessions) loopback.engine.close(*session);
  CHECK(loopback.until([&] { return loopback.engine.open_sessions() == 0; }));
}

}  // namespace

TEST_CASE("the media thread allocates and frees nothing once it runs, whatever calls do") {
  REQUIRE(__sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) { count_here(); },
                                                    [](const volatile void*) { count_here(); }) > 0);
  const test::TempDir dir;
  test::LoopbackEngine loopback(2 * kLines.size() + 1, note_media_thread);
  // OpenSSL sets itself up in each thread that uses it, once.
  live_through(loopback, dir.path("warm-up"));
  REQUIRE(media_thread.load() > 0);
  watched.store(media_thread.load());
  live_through(loopback, dir.path("counted"));
  watched.store(-1);
  CHECK(allocations.load() == 0);
  // The count itself works: the same hooks see what is allocated here.
  watched.store(gettid());
  const auto proof = std::make_unique<std::array<int, 100>>();
  watched.store(-1);
  CHECK(allocations.load() > 0);
}
#endif
