using CsCheck;
using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class WorkQueueTests
{
    [Fact, Trait("Case", "12")]
    public void Add_ManyTimesBeforeATake_IsHandedOutOnce()
    {
        using var test = new TestQueue();
        for (var i = 0; i < 1000; i++)
        {
            test.Queue.Add("a");
        }

        Assert.Equal("a", test.TakeNow());
        Assert.Null(test.TakeNow());
    }

    [Fact, Trait("Case", "15")]
    public void Add_WhileTheKeyIsWorkedOn_IsHandedOutAfterDoneAndNotBefore()
    {
        using var test = new TestQueue();
        test.Queue.Add("a");
        Assert.Equal("a", test.TakeNow());

        test.Queue.Add("a");
        Assert.Null(test.TakeNow());

        test.Queue.Done("a");
        Assert.Equal("a", test.TakeNow());
        test.Queue.Done("a");
        Assert.Null(test.TakeNow());
    }

    [Fact, Trait("Case", "17")]
    public void AddAfter_Twice_TheEarlierCounts()
    {
        using var test = new TestQueue();
        test.Queue.AddAfter("a", TimeSpan.FromSeconds(60));
        test.Queue.AddAfter("a", TimeSpan.FromSeconds(10));
        test.Queue.AddAfter("a", TimeSpan.FromSeconds(30));

        test.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Null(test.TakeNow());
        test.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("a", test.TakeNow());
        test.Queue.Done("a");

        test.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(test.TakeNow());
    }

    [Fact, Trait("Case", "17")]
    public void Add_BeforeADelayEnds_TheRunReplacesTheDelay()
    {
        using var test = new TestQueue();
        test.Queue.AddAfter("a", TimeSpan.FromSeconds(10));
        test.Queue.Add("a");
        Assert.Equal("a", test.TakeNow());
        test.Queue.Done("a");

        test.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(test.TakeNow());
    }

    [Fact, Trait("Case", "16")]
    public void AddFailed_ForEver_DelaysGrowToTheCapAndTheKeyAlwaysComesBack()
    {
        using var test = new TestQueue(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 200; i++)
        {
            delays.Add(test.Queue.AddFailed("a"));
            test.Time.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal("a", test.TakeNow());
            test.Queue.Done("a");
        }

        Assert.All(delays.Take(6).Zip(delays.Skip(1)), pair => Assert.True(pair.Second > pair.First, $"{pair.First} then {pair.Second}"));
        Assert.All(delays, d => Assert.InRange(d, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(60)));
        Assert.All(delays.Skip(8), d => Assert.InRange(d, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60)));
        Assert.True(delays.Skip(8).Distinct().Count() > 100, "the capped delays must be jittered");
    }

    [Fact]
    public void Forget_AfterFailures_StartsTheDelaysAnew()
    {
        using var test = new TestQueue(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
        {
            test.Queue.AddFailed("a");
        }

        test.Queue.Forget("a");
        Assert.InRange(test.Queue.AddFailed("a"), TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(1));
    }

    [Fact, Trait("Case", "14")]
    public void AddFailed_OneKey_DoesNotHoldBackAnother()
    {
        using var test = new TestQueue();
        test.Queue.AddFailed("bad");
        test.Queue.Add("good");
        Assert.Equal("good", test.TakeNow());
        Assert.Null(test.TakeNow());
    }

    /// <summary>
    /// Any sequence of adds, takes and dones: no key is ever with two workers, and every key that was added after its last take is
    /// handed out in the end.
    /// </summary>
    [Fact, Trait("Case", "13")]
    public void AnySequence_NoKeyIsTakenTwiceAtOnceAndNoneIsLost()
        => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4]).Array[1, 200].Sample(steps =>
        {
            using var test = new TestQueue();
            var taken = new List<string>();
            var owed = new HashSet<string>();
            foreach (var (action, number) in steps)
            {
                var key = $"k{number}";
                switch (action)
                {
                    case 0 or 1:
                        test.Queue.Add(key);
                        owed.Add(key);
                        break;
                    case 2 when test.TakeNow() is { } next:
                        if (taken.Contains(next))
                        {
                            return false;
                        }

                        taken.Add(next);
                        owed.Remove(next);
                        break;
                    case 3 when taken.Count > 0:
                        var done = taken[number % taken.Count];
                        taken.Remove(done);
                        test.Queue.Done(done);
                        break;
                }
            }

            taken.ForEach(test.Queue.Done);
            while (test.TakeNow() is { } rest)
            {
                owed.Remove(rest);
                test.Queue.Done(rest);
            }

            return owed.Count == 0;
        });
}
