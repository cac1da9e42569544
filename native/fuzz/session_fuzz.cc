#include <algorithm>
#include <array>
#include <vector>

#include "engine/session.h"
#include "fuzz/byte_source.h"

namespace {

using namespace offhook;

constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kRingSamples = 1U << 12U;

struct Memory {
  alignas(8) std::array<std::uint8_t, kHeaderBytes + kRingSamples * sizeof(std::int16_t)> bytes{};
};

/// What a session tells is checked and thrown away.
class CheckingSink final : public EventSink {
 public:
  void emit(const Event& event) noexcept override {
    if (event.type == Event::Type::digit) {
      fuzz::require(kDtmfDigits.find(event.digit) != std::string_view::npos && event.duration_ms >= 0);
    }
  }
};

std::unique_ptr<SessionConfig> agreement(fuzz::ByteSource& source, const Endpoint& announced) {
  auto config = std::make_unique<SessionConfig>();
  const auto choice = source.number<std::uint8_t>();
  const auto kind = static_cast<CodecKind>(choice & 3U);
  config->codec = make_line_codec(kind);
  config->clock_rate_hz = kind == CodecKind::opus ? 48'000 : 8'000;
  if ((choice & 4U) != 0) config->event_payload_type = 101;
  if ((choice & 8U) != 0) config->announced = announced;
  config->receives = (choice & 0x70U) != 0x70U;
  if ((choice & 0x80U) != 0) {
    const std::vector<std::uint8_t> key(30, 7);
    config->secured = true;
    config->srtp_in = SrtpReceiver::create(SrtpSuite::aes_cm_128_hmac_sha1_80, key);
    config->srtp_out = SrtpSender::create(SrtpSuite::aes_cm_128_hmac_sha1_80, key);
  }
  return config;
}

}  // namespace

/// A session from datagram to echo, under any agreements: datagrams of any bytes and of well-formed packets, in any order and from
/// several sources, protected or not. Each is counted once, only who was latched is sent to, and nobody brings more than a second of
/// audio with a packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fuzz::require;
  static const std::array kSources{*Endpoint::parse("192.0.2.1", 4000, AF_INET), *Endpoint::parse("192.0.2.1", 4002, AF_INET),
                                   *Endpoint::parse("198.51.100.9", 4000, AF_INET)};
  fuzz::ByteSource source(data, size);
  const auto memory = std::make_unique<Memory>();
  CheckingSink sink;
  const auto session = std::make_unique<Session>(0U, 1U, UdpPair{}, AudioSlot{memory->bytes.data(), kHeaderBytes, kRingSamples}, sink, 1U);
  const auto configure = [&](MonotonicNs now) {
    auto config = agreement(source, kSources[0]);
    session->receiver.configure(*config, true, now);
    session->sender.configure(*config, true);
    session->config = std::move(config);
  };
  MonotonicNs now = kNsPerSecond;
  std::uint64_t tick = 0;
  configure(now);
  session->sender.set_source(Source::echo, {});
  session->receiver.set_echo(&session->sender.echo());
  const auto far_end = SrtpSender::create(SrtpSuite::aes_cm_128_hmac_sha1_80, std::vector<std::uint8_t>(30, 7));

  std::uint16_t sequence = source.number<std::uint16_t>();
  std::uint32_t timestamp = source.number<std::uint32_t>();
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    if (action == 255) {
      configure(now);
      continue;
    }
    now += (action >> 6) * 10 * kNsPerMs;
    if ((action & 3U) == 3U) {
      tick += 1;
      session->sender.send(tick, now, session->receiver.destination());
      session->receiver.poll(now);
      continue;
    }
    std::array<std::uint8_t, 1'500> datagram{};
    std::size_t length = 0;
    const auto shape = source.number<std::uint8_t>();
    if ((shape & 1U) != 0) {
      const auto bytes = source.take(source.number<std::uint8_t>());
      std::copy(bytes.begin(), bytes.end(), datagram.begin());
      length = bytes.size();
    } else {
      sequence = static_cast<std::uint16_t>((shape & 2U) != 0 ? sequence + source.number<std::int8_t>() : sequence + 1);
      timestamp += (shape & 4U) != 0 ? source.number<std::uint32_t>() : 160;
      constexpr std::array<std::uint8_t, 4> kTypes{0, 0, 101, 13};
      length = write_rtp_header(datagram, {.payload_type = kTypes[(shape >> 3U) & 3U],
                                           .sequence = sequence,
                                           .timestamp = timestamp,
                                           .ssrc = (shape >> 5U) & 1U});
      const auto payload = source.take((shape & 0x40U) != 0 ? 4U : source.number<std::uint8_t>());
      std::copy(payload.begin(), payload.end(), datagram.begin() + static_cast<std::ptrdiff_t>(length));
      length += payload.size();
      if ((shape & 0x80U) != 0) length = std::max(far_end->protect(datagram, length), length);
    }
    const Endpoint& from = kSources[(action >> 2U) % kSources.size()];
    const auto& counters = session->counters;
    const std::uint64_t heard = session->heard.count();
    const std::uint64_t received = counters.packets_received.get();
    session->receiver.on_datagram(std::span(datagram).first(length), from, now);
    require(counters.packets_received.get() <= received + 1);
    const Endpoint* destination = session->receiver.destination();
    require(destination == nullptr || std::find(kSources.begin(), kSources.end(), *destination) != kSources.end());
    // One packet can let at most those go that were held back for it, each with a second made up in front.
    require(session->heard.count() - heard <= (ReorderBuffer::kSlots + 1) * (kAudioRateHz + kMaxPacketSamples));
    if (counters.packets_received.get() == received) require(session->heard.count() == heard);
  }
  return 0;
}
