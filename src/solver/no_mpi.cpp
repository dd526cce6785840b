#include <mpi.h>

// Linked into the program only, where SUNDIALS was built with MPI (Debian 13). SUNDIALS calls these functions
// for a communicator alone, and memspice never has one. Without them every start would load Open MPI with
// some twenty libraries, one of which measures the clock for 0.1 s and catches signals; a library must not
// take MPI's names.
#ifdef OPEN_MPI

struct ompi_predefined_communicator_t {
  char unused;
};

extern "C" {

ompi_predefined_communicator_t ompi_mpi_comm_null;

int MPI_Comm_dup(MPI_Comm, MPI_Comm*) {
  return MPI_ERR_COMM;
}
int MPI_Comm_free(MPI_Comm*) {
  return MPI_ERR_COMM;
}
int MPI_Comm_rank(MPI_Comm, int*) {
  return MPI_ERR_COMM;
}
}

#endif
