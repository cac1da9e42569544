// RTP load generator of `npm run bench`: N symmetric streams from one thread, paced by absolute deadlines on the monotonic clock,
// with kernel receive timestamps on what comes back. Reads one stream a line on standard input,
//
//   local_port remote_ip remote_port codec payload_type suite key
//
// (codec PCMU, PCMA or opus; suite and key, in hexadecimal, of SRTP or "-") and a raw mu-law file as the caller's voice; prints
// one JSON object. What comes back is counted and timed by its header, which SRTP leaves readable.
//
//   rtp-load <speech.ulaw> <seconds> < streams.txt
#include <arpa/inet.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "line-payloads.h"
#include "rtp/packet.h"
#include "rtp/srtp.h"

namespace {

using namespace offhook;

constexpr std::int64_t kNsPerS = 1'000'000'000;
constexpr std::int64_t kFrameNs = 20'000'000;
constexpr std::int64_t kTickNs = 2'000'000;
/// Arrivals bear the kernel's time: looking for them seldom costs the generator less and changes nothing.
constexpr std::size_t kTicksPerDrain = 5;
// Packets of the first second carry the echo's start-up and the latching; pacing is judged after it.
constexpr std::int64_t kWarmUpNs = kNsPerS;

std::int64_t now_ns(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<std::int64_t>(t.tv_sec) * kNsPerS + t.tv_nsec;
}

struct Arrival {
  std::int64_t at_ns;
  std::uint32_t timestamp;
  std::uint16_t sequence;
};

struct Stream {
  int socket{-1};
  const LinePayloads* line{nullptr};
  std::unique_ptr<SrtpSender> srtp;
  std::uint16_t sequence{0};
  std::uint32_t timestamp{0};
  std::uint32_t ssrc{0};
  std::size_t position{0};
  std::int64_t next_send_ns{0};
  std::uint64_t sent{0};
  std::vector<Arrival> arrivals;
};

bool open_socket(Stream& stream, int local_port, const std::string& ip, int remote_port) {
  stream.socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(static_cast<std::uint16_t>(local_port));
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in remote{};
  remote.sin_family = AF_INET;
  remote.sin_port = htons(static_cast<std::uint16_t>(remote_port));
  if (inet_pton(AF_INET, ip.c_str(), &remote.sin_addr) != 1) return false;
  const int on = 1;
  setsockopt(stream.socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  return bind(stream.socket, reinterpret_cast<sockaddr*>(&local), sizeof local) == 0 &&
         connect(stream.socket, reinterpret_cast<sockaddr*>(&remote), sizeof remote) == 0;
}

std::vector<std::uint8_t> bytes_of(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

/// Empty when a line is no stream.
std::vector<Stream> read_streams(std::istream& in, const std::vector<std::uint8_t>& speech, std::map<std::string, LinePayloads>& lines) {
  std::vector<Stream> streams;
  int local_port = 0;
  int remote_port = 0;
  int payload_type = 0;
  std::string ip;
  std::string codec;
  std::string suite;
  std::string key;
  while (in >> local_port >> ip >> remote_port >> codec >> payload_type >> suite >> key) {
    Stream& stream = streams.emplace_back();
    const std::string name = codec + "/" + std::to_string(payload_type);
    if (!lines.contains(name)) lines.emplace(name, line_payloads(codec, static_cast<std::uint8_t>(payload_type), speech));
    stream.line = &lines.at(name);
    if (suite != "-") {
      const auto known = srtp_suite_of(suite);
      if (known) stream.srtp = SrtpSender::create(*known, bytes_of(key));
      if (stream.srtp == nullptr) return {};
    }
    if (!open_socket(stream, local_port, ip, remote_port)) return {};
  }
  return streams;
}

void send_frame(Stream& stream) {
  const auto& payload = stream.line->packets[stream.position];
  std::uint8_t packet[kRtpHeaderBytes + kOpusMaxFrameBytes + kSrtpOverheadBytes];
  const RtpHeader header{.payload_type = stream.line->payload_type,
                         .marker = stream.sent == 0,
                         .sequence = stream.sequence,
                         .timestamp = stream.timestamp,
                         .ssrc = stream.ssrc};
  std::size_t bytes = write_rtp_header(packet, header) + payload.size();
  std::copy(payload.begin(), payload.end(), packet + kRtpHeaderBytes);
  if (stream.srtp != nullptr) bytes = stream.srtp->protect(packet, bytes);
  stream.position = (stream.position + 1) % stream.line->packets.size();
  stream.sequence = static_cast<std::uint16_t>(stream.sequence + 1);
  stream.timestamp += stream.line->ticks_per_packet();
  if (send(stream.socket, packet, bytes, 0) == static_cast<ssize_t>(bytes)) ++stream.sent;
}

void drain(Stream& stream) {
  std::uint8_t data[2048];
  alignas(cmsghdr) char control[128];
  for (;;) {
    iovec vector{data, sizeof data};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t bytes = recvmsg(stream.socket, &message, 0);
    if (bytes < static_cast<ssize_t>(kRtpHeaderBytes)) {
      if (bytes >= 0) continue;
      return;
    }
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
      if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
      stream.arrivals.push_back({.at_ns = static_cast<std::int64_t>(stamp.tv_sec) * kNsPerS + stamp.tv_nsec,
                                 .timestamp = rtp_detail::read_u32(data + 4),
                                 .sequence = rtp_detail::read_u16(data + 2)});
    }
  }
}

struct Figures {
  std::uint64_t sent{0};
  std::uint64_t received{0};
  std::uint64_t missing{0};  ///< left, by their numbers, and did not arrive
  std::uint64_t unsent{0};   ///< their time passed, by the timestamps, and they never left
  std::vector<double> gaps_ms;
  std::vector<double> late_ms;
};

/// Gaps: how far each inter-arrival time is from 20 ms per sequence step. Lateness: behind the stream's own clock, which is its
/// timestamps laid at its earliest packet.
void judge(const Stream& stream, Figures& figures) {
  figures.sent += stream.sent;
  figures.received += stream.arrivals.size();
  const double ns_per_tick = static_cast<double>(kNsPerS) / stream.line->clock_rate_hz;
  double elapsed_ticks = 0;
  std::vector<double> offsets_ns;
  for (std::size_t i = 1; i < stream.arrivals.size(); ++i) {
    const Arrival& before = stream.arrivals[i - 1];
    const Arrival& now = stream.arrivals[i];
    const auto step = static_cast<std::int16_t>(now.sequence - before.sequence);
    const auto ticks = static_cast<std::int32_t>(now.timestamp - before.timestamp);
    elapsed_ticks += ticks;
    if (step > 1) figures.missing += static_cast<std::uint64_t>(step - 1);
    if (now.at_ns - stream.arrivals.front().at_ns < kWarmUpNs || step <= 0) continue;
    const auto slots = static_cast<std::int64_t>(ticks) / stream.line->ticks_per_packet();
    if (slots > step) figures.unsent += static_cast<std::uint64_t>(slots - step);
    figures.gaps_ms.push_back(std::abs(static_cast<double>(now.at_ns - before.at_ns - step * kFrameNs)) / 1e6);
    offsets_ns.push_back(static_cast<double>(now.at_ns - stream.arrivals.front().at_ns) - elapsed_ticks * ns_per_tick);
  }
  if (offsets_ns.empty()) return;
  const double earliest = *std::min_element(offsets_ns.begin(), offsets_ns.end());
  for (const double offset : offsets_ns) figures.late_ms.push_back((offset - earliest) / 1e6);
}

void print_spread(const char* name, std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values.empty() ? 0.0 : values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
  };
  std::printf("\"%sP50Ms\":%.3f,\"%sP99Ms\":%.3f,\"%sP999Ms\":%.3f,\"%sMaxMs\":%.3f,", name, at(0.50), name, at(0.99), name, at(0.999),
              name, values.empty() ? 0.0 : values.back());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::vector<std::uint8_t> speech((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto seconds = std::atoi(argv[2]);
  if (seconds < 1) return 2;
  std::map<std::string, LinePayloads> lines;
  std::vector<Stream> streams = read_streams(std::cin, speech, lines);
  if (streams.empty()) {
    std::perror("rtp-load: no stream could be opened");
    return 1;
  }
  // Callers' telephones do not stutter because the machine under test is busy. The media thread's priority is higher.
  sched_param priority{};
  priority.sched_priority = 10;
  sched_setscheduler(0, SCHED_FIFO, &priority);
  const std::int64_t start = now_ns(CLOCK_MONOTONIC) + kFrameNs;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    Stream& stream = streams[i];
    stream.ssrc = 0x0ff00000U + static_cast<std::uint32_t>(i);
    // Streams begin at different places of the speech and of the tick, as callers do.
    stream.position = (i * 7919) % stream.line->packets.size();
    stream.next_send_ns = start + static_cast<std::int64_t>(i) * kFrameNs / static_cast<std::int64_t>(streams.size());
    stream.arrivals.reserve(static_cast<std::size_t>(seconds) * 51);
  }
  const std::int64_t end = start + static_cast<std::int64_t>(seconds) * kNsPerS;
  double worst_send_ms = 0;
  std::size_t ticks = 0;
  for (std::int64_t tick = start; tick < end; tick += kTickNs) {
    const timespec wake{.tv_sec = tick / kNsPerS, .tv_nsec = tick % kNsPerS};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
    const std::int64_t now = now_ns(CLOCK_MONOTONIC);
    const bool draining = ++ticks % kTicksPerDrain == 0;
    for (Stream& stream : streams) {
      while (stream.next_send_ns <= now) {
        worst_send_ms = std::max(worst_send_ms, static_cast<double>(now - stream.next_send_ns) / 1e6);
        send_frame(stream);
        stream.next_send_ns += kFrameNs;
      }
      if (draining) drain(stream);
    }
  }
  Figures figures;
  for (Stream& stream : streams) {
    drain(stream);
    judge(stream, figures);
    close(stream.socket);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double cpu_s = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                       static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  std::printf("{\"streams\":%zu,\"sent\":%llu,\"received\":%llu,\"missing\":%llu,\"unsent\":%llu,", streams.size(),
              static_cast<unsigned long long>(figures.sent), static_cast<unsigned long long>(figures.received),
              static_cast<unsigned long long>(figures.missing), static_cast<unsigned long long>(figures.unsent));
  print_spread("pacing", figures.gaps_ms);
  print_spread("late", figures.late_ms);
  std::printf("\"generatorLateMaxMs\":%.3f,\"generatorCpuS\":%.2f}\n", worst_send_ms, cpu_s);
  return 0;
}
