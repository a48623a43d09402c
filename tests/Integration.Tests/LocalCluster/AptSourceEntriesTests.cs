using LocalCluster.ControlPlane.Binaries;

namespace Integration.Tests.LocalCluster;

public sealed class AptSourceEntriesTests
{
    [Fact]
    public void FromOneLine_MixedLines_KeepsBinaryEntriesAsSourceEntriesWithOptions()
    {
        const string List = """
            # deb http://old.example/ bookworm main
            deb [signed-by=/k.gpg arch=amd64] http://deb.example/debian bookworm main contrib
            deb-src http://deb.example/debian bookworm main
              deb http://deb.example/security bookworm-security main
            """;

        Assert.Equal(
            "deb-src [signed-by=/k.gpg arch=amd64] http://deb.example/debian bookworm main contrib\n"
            + "deb-src http://deb.example/security bookworm-security main\n",
            AptSourceEntries.FromOneLine(List));
    }

    [Fact]
    public void FromDeb822_SeveralStanzas_KeepsThoseWithBinariesAndTheirOtherFields()
    {
        const string Sources = """
            Types: deb
            # a comment
            URIs: http://deb.example/debian
            Suites: bookworm bookworm-updates

            Types: deb-src
            URIs: http://sources.example/

            Types: deb-src deb
            URIs: http://both.example/
            Enabled: no
            """;

        Assert.Equal(
            "Types: deb-src\n# a comment\nURIs: http://deb.example/debian\nSuites: bookworm bookworm-updates\n\n"
            + "Types: deb-src\nURIs: http://both.example/\nEnabled: no\n",
            AptSourceEntries.FromDeb822(Sources));
    }
}
