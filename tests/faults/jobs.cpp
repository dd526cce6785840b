#include "faults/jobs.hpp"

#include <fstream>

#include "waveform/hdf5/hdf5_sink.hpp"

namespace memspice::testing {

void write_fault_inputs(const std::string& folder) {
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(folder + '/' + name, std::ios::binary) << text;
  };
  const std::string charging = "charging\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1u ic=0\n.save v(b)\n";
  write("rc.cir", charging + ".tran 0.1m 1m uic\n");
  write("several.cir",
        charging + ".tran 0.1m 1m uic\n.op\n.dc V1 0 1 0.5\n.tran 0.1m 2m uic\n.four 1k v(b)\n");
  write("cards.cir", charging +
                         ".print tran v(b) file=table.txt\n.print tran file=other.csv format=csv v(b)\n"
                         ".measure tran late find v(b) at=0.5m\n.tran 0.1m 1m uic\n");
  write(
      "points.cir",
      charging + ".param r=1k\n.step R1 1k 8k 1k\n.measure tran late find v(b) at=0.5m\n.tran 0.1m 1m uic\n");
  write("draws.cir", charging + "R2 b 0 {1k*(1+0.1*gauss(0,1,1))}\n.mc 8\n.op\n");
  write("ac.cir",
        "filter\nV1 a 0 dc 0 ac 1\nR1 a b 1k\nC1 b 0 1u\n.ac dec 5 1 1k\n.noise v(b) V1 dec 5 1 1k\n.tf v(b) "
        "V1\n.sens v(b)\n");
  write(
      "devices.cir",
      "devices\nV1 vcc 0 5\nR1 vcc c 1k\nR2 vcc b 100k\nQ1 c b 0 n\n.model n npn(bf=100 vaf=50 cje=1p "
      "tf=1n)\nD1 c d dio\nR3 d 0 "
      "1k\n.model dio d(is=1e-14 rs=1 cjo=1p)\nM1 c d 0 0 nm w=10u l=1u\n.model nm nmos(vto=0.7 kp=50u)\nB1 "
      "e 0 "
      "v={v(c)*v(d)+table(v(c),0,0,5,1)}\nR4 e 0 1k\nT1 c 0 g 0 z0=50 td=1n\nR5 g 0 50\n.op\n.tran 1n 20n\n");
  std::string grid = "grid\n.model mem memristor(level=1 ron=100 roff=16k beta=0.1)\n";
  for (int row = 0; row < 12; ++row)
    for (int column = 0; column < 12; ++column) {
      const std::string here = std::to_string(row) + "_" + std::to_string(column);
      if (column < 11)
        grid += "Yh" + here + " n" + here + " n" + std::to_string(row) + "_" + std::to_string(column + 1) +
                " mem w0=0.5\n";
      if (row < 11)
        grid += "Yv" + here + " n" + here + " n" + std::to_string(row + 1) + "_" + std::to_string(column) +
                " mem w0=0.4\n";
    }
  grid += "V1 n0_0 0 sin(0 1 10)\nR1 n11_11 0 100\n.save w(yh0_0)\n.tran 1m 20m\n";
  write("grid.cir", grid + ".options integrator=network\n");
  write("grid_ida.cir", grid + ".options integrator=ida\n");
  const std::string loop =
      "loop\n.model mem memristor(level=1 ron=100 roff=16k beta=0.1)\nV1 a 0 sin(0 1 10)\nY1 a b mem "
      "w0=0.5\nY2 b "
      "0 mem w0=0.2\nR1 b 0 1k\n";
  write("cards_of_networks.cir",
        loop + ".omega\n.invariants\n.network file=net\n.eigen\n.fixedpoint\n.tran 1m 20m\n");
  write("loop.cir", loop + ".tran 1m 20m\n");
  write("functional.cir",
        "functional\n.model mem memristor(level=1 ron=100 roff=16k beta=0.1)\nV1 a 0 1\nY1 a b mem "
        "w0=0.5\nY2 b 0 mem w0=0.2\n.functional\n.tran 1m 20m\n");
  write("part.lib", ".lib one\n.subckt part a b\nR1 a b 1k\n.ends\n.endl one\n");
  write("more.inc", "R9 b 0 1k\n");
  write("points.txt", "0 0\n1m 1\n2m 0\n");
  write("includes.cir",
        "includes\n.lib part.lib one\n.include more.inc\nX1 a b part\nV1 a 0 pwl(file=points.txt)\n.tran "
        "0.1m 2m\n");
  write("list.edges", "from to\na b\nb c\nc a\n");
  write("edges.cir",
        "edges\n.model mem memristor(level=1 ron=100 roff=16k beta=0.1)\n.edges list.edges mem\nV1 a 0 1\nR1 "
        "b 0 1k\n.tran 1m 20m\n");
  write("wrong.cir", "wrong\nR1 a 0 1q1\nX1 a nothing\n.tran 1\n");
}

std::vector<FaultJob> fault_jobs() {
  std::vector<FaultJob> jobs{
      {"raw", "../in/rc.cir -q -o out.raw", {"out.raw"}},
      {"csv", "../in/rc.cir -o out.csv", {"out.csv"}},
      {"ascii", "../in/rc.cir -q --ascii -o out.raw", {"out.raw"}},
      {"raw to standard output", "../in/rc.cir -o -", {}},
      {"report and print",
       "../in/cards.cir -q -o out.raw --report out.json --print out.txt",
       {"out.raw", "out.json", "out.txt", "table.txt", "other.csv"}},
      {"safe", "../in/cards.cir -q --safe", {"table.txt", "other.csv"}, 0, true},
      {"separate",
       "../in/several.cir -q --separate -o out.csv",
       {"out.transient.csv", "out.operating-point.csv", "out.dc-transfer-characteristic.csv",
        "out.transient-2.csv"}},
      {"log", "../in/several.cir -r out.raw -o out.log", {"out.raw", "out.log"}},
      {"points on threads", "../in/points.cir -q --threads 3 -o out.csv", {"out.csv"}},
      {"draws on threads",
       "../in/draws.cir --threads 2 -o out.raw --report out.json",
       {"out.raw", "out.json"}},
      {"small signals", "../in/ac.cir -q -o out.raw", {"out.raw"}},
      {"devices", "../in/devices.cir -q -v -o out.csv", {"out.csv"}},
      {"network on threads", "../in/grid.cir -q --threads 3 -o out.csv", {"out.csv"}},
      {"network under IDA", "../in/grid_ida.cir -q -o out.csv", {"out.csv"}},
      {"cards of networks",
       "../in/cards_of_networks.cir -o out.csv",
       {"out.csv", "net.edges.csv", "net.incidence.mtx", "net.cycles.mtx", "net.omega.mtx"}},
      {"functional", "../in/functional.cir -o out.csv", {"out.csv"}},
      {"edge list", "../in/edges.cir -q -o out.csv", {"out.csv"}},
      {"includes", "../in/includes.cir -q -o out.csv", {"out.csv"}},
      {"check", "../in/devices.cir --check --report out.json", {"out.json"}},
      {"refused", "../in/wrong.cir -o out.raw --report out.json", {"out.json"}, 2},
      {"convert", "convert ../in/devices.cir --to ngspice -o out.cir", {"out.cir"}},
      {"convert memristors", "convert ../in/loop.cir --to xyce -o out.cir", {"out.cir"}},
      {"generate", "generate grid --size 5x5 -o out.cir", {"out.cir"}},
      {"generate several",
       "generate random --size 10 --compact --seed 1:3 -o out{seed}.cir",
       {"out1.cir", "out2.cir", "out3.cir", "out1.edges", "out2.edges", "out3.edges"}},
      {"compare", "compare ../in/rc.raw ../in/rc.csv", {}},
      {"compare different", "compare ../in/rc.raw ../in/other.csv", {}, 1},
      {"recover", "recover ../in/rc.raw.2147483647-0.part -o out.csv", {"out.csv"}, 0, true},
      {"plot", "plot ../in/rc.csv --text", {}},
      {"plot script", "plot ../in/rc.raw v(b) 2*v(b) -o out.gp", {"out.gp"}},
      {"help", "--help-functions", {}},
  };
  if (has_hdf5()) jobs.push_back({"HDF5", "../in/several.cir -q -o out.h5", {"out.h5"}});
  return jobs;
}

}  // namespace memspice::testing
